"""What an upper room adds to a lower one, which knows nothing of it: filled when the apps are ready, then only read.

Each hook is a list with one reader below. An app adds to it in `AppConfig.ready`:

    hooks.words_said.add(search.find_quoted_experts)
"""


class Hook:
    """A list that upper rooms add to; adding a thing twice is the same as once. `holds` says what stands in it."""

    def __init__(self, holds):
        self.holds = holds
        self._things = []

    def __repr__(self):
        return f"<Hook: {self.holds}>"

    def __iter__(self):
        return iter(tuple(self._things))

    def add(self, *things):
        self._things.extend(thing for thing in things if thing not in self._things)


guards = Hook("functions from a connection to a list of database.guards.Guard")
desk_places = Hook("desk.site.Place: the pages that people go to most, in the desk's header, in this order")
desk_queues = Hook("functions from a user to a list of queues: what waits for them on the desk's front page")
card_relations = Hook("experts.relations.Relation: what hangs on a card when it is merged or removed")
card_texts = Hook("experts.relations.TextColumns: columns in which colleagues write freely and may name anybody")
card_boxes = Hook("experts.desk.boxes.CardBox: a box on the page of a card")
words_said = Hook("functions (words, limit) -> {expert id: what they said that holds the words}")
stories_of = Hook("functions from a user to [(number, headline)] of the open stories that are theirs, newest first")
quoting = Hook("context managers (ids of cards, *, by) around a change of whether people may be quoted")
bar_set = Hook("functions (bar, *, by): somebody is not to be quoted or contacted from now on")
genres = Hook("(key, name): the kinds of story that there are, for settings that ask more of some")
timed_work = Hook("timed.Timed: what the worker does every so often")
ready_checks = Hook("(name, function that says whether this is in order): what /readyz asks besides its own")
roles_with_power = Hook("names of groups that an account gets only when a second person has confirmed it")
roles_that_confirm = Hook("names of groups whose members confirm such a role, and read the accounts' log")
roles_told_of_accounts = Hook("names of groups whose members are told when somebody's password or address is set")
