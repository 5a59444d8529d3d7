"""Short forms of first names that are spelt unlike the full form (Bob for Robert); only those common in print."""

_SHORT_FORMS = {
    "abigail": "abby gail", "alexander": "alex sandy sasha", "alexandra": "sandra", "alfred": "alf fred",
    "andrew": "andy drew", "anthony": "tony", "barbara": "barb babs", "benjamin": "ben benny", "bernard": "bernie",
    "catherine": "cathy kate katie kitty", "charles": "charlie chuck", "christina": "tina", "christopher": "chris kit",
    "daniel": "dan danny", "david": "dave davy", "deborah": "deb debbie", "dmitri": "dima mitya",
    "donald": "don donny", "dorothy": "dot dottie", "edward": "ed eddie ned ted teddy", "elizabeth":
    "beth betsy betty eliza libby liz lizzie", "eugene": "gene", "francis": "frank", "francisco": "paco pancho",
    "frederick": "freddie freddy", "gerald": "gerry jerry", "gregory": "greg", "harold": "hal", "henry": "harry hank",
    "isabella": "bella", "james": "jim jimmy jamie", "jennifer": "jen jenny", "john": "jack johnny jon", "jonathan":
    "jon", "jose": "pepe", "joseph": "joe joey", "joshua": "josh", "judith": "judy", "katherine": "kathy",
    "kenneth": "ken kenny", "lawrence": "larry", "leonard": "len lenny", "margaret": "maggie meg peggy",
    "matthew": "matt", "michael": "mike mick mickey", "mikhail": "misha", "nicholas": "nick", "nikolai": "kolya",
    "pamela": "pam", "patricia": "pat patty tricia trish", "patrick": "paddy", "peter": "pete", "philip": "phil",
    "rebecca": "becky", "richard": "dick rich rick", "robert": "bob bobby rob robbie", "ronald": "ron ronnie",
    "samuel": "sam sammy", "sergei": "seryozha", "stephen": "steve", "steven": "stevie", "susan": "sue susie",
    "theodore": "theo", "thomas": "tom tommy", "timothy": "tim", "valerie": "val", "victoria": "vicky", "vincent":
    "vince", "vladimir": "volodya vova", "walter": "walt", "william": "bill billy will willie liam",
    "zachary": "zach zack",
}  # fmt: skip

# A short form → the names it is short for, folded.
FULL_FIRST_NAMES = {}
for _full, _shorts in _SHORT_FORMS.items():
    for _short in _shorts.split():
        FULL_FIRST_NAMES[_short] = (*FULL_FIRST_NAMES.get(_short, ()), _full)
