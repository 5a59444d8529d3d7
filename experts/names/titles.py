"""What stands before and after a name and is no part of it: Dr, Prof., Sir, PhD."""

from newsroom.folding import fold

# Nobody's name: taken out wherever they stand.
SHORT = frozenset(
    fold(word) for word in "Dr Prof Mr Mrs Ms Mx Rev Hon Dipl Ing Engr Dott Avv Mme Mlle Sra Srta Herr Frau "
    "PhD DPhil MBA MSc LLM MEP KC QC OBE CBE MBE Esq الدكتور دكتور الدكتورة دكتورة الأستاذ أستاذ الأستاذة أستاذة السيد "
    "السيدة".split()
)  # fmt: skip
# Some people's name, too: taken off only where a name begins with them.
FIRST = frozenset(
    fold(word) for word in "Professor Doctor Miss Sir Dame Lord Lady Reverend Honourable Honorable Senator Sen Rep "
    "Representative General Gen Colonel Col Captain Capt Major Maj Lieutenant Lt Sergeant Sgt Judge Justice Ambassador "
    "Minister President Madame Monsieur Maître Mag Señor Señora Signor Signora Don Doña Sheikh Shaykh Imam Father "
    "Sister Brother د الشيخ".split()
)  # fmt: skip


def without_titles(folded):
    """A folded name without titles; one that is a title and nothing else stays as it is."""
    words = [word for word in folded.split() if word not in SHORT]
    while len(words) > 2 and words[0] in FIRST:
        words.pop(0)
    return " ".join(words) or folded
