"""What readers of the demonstration newspaper wrote: story, name, words, hours ago, and what became of it."""

COMMENTS = [
    ("six-ports-compact", "Retired pilot", "A rota is only as good as the telephone at the end of it. I should like to "
     "know who picks it up at four in the morning.", 20, "published"),
    ("six-ports-compact", "M. Feld", "The letter is the interesting part. Does anyone know whether the other ports "
     "have seen it?", 15, "published"),
    ("six-ports-compact", "Harbourside", "We had a burning ship off the bar when I was a boy. Nobody asked who would "
     "pay until the morning after.", 11, "published"),
    ("water-bill-vote", "Tenant, Cask Street", "My bill went up before the vote and stayed there after it.", 9,
     "published"),
    ("water-bill-vote", "Orla K.", "Good to see the amendments set out one by one.", 7, "published"),
    ("tram-line-delay", "Line 2 every day", "The replacement bus leaves from the wrong side of the bridge.", 5,
     "published"),
    ("tram-line-delay", "P. Anders", "Has anyone from the operator been asked about the spare sets in the depot?", 3,
     "pending"),
    ("glacier-survey", "Hut warden", "The photographs in our visitors' book say the same thing.", 30, "published"),
    ("museum-drawers", "Former volunteer", "I labelled some of those drawers. The handwriting was a difficulty even "
     "then.", 26, "published"),
    ("museum-drawers", "best deals", "Cheap watches, write to me.", 25, "spam"),
    ("grain-levy-delay", "Fen farmer", "A delay is not a decision. We still have to sign for seed this month.", 8,
     "published"),
    ("mill-closure", "K. Brand", "This is about the bypass, not the mill.", 12, "rejected"),
    ("rasheen-election", "Reader in the Reach", "Which districts are still to be counted?", 2, "pending"),
]  # fmt: skip
