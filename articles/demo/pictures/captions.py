"""Alternative text, caption and credit for every picture."""

CREDIT = "Illustration: Lena Roth / The Saltmarsh Courier"

TEXTS = {
    "harbour": (
        "Four quay cranes stand over a loaded container ship as the sun rises behind the port.",
        "First light over the outer basin at Saltmarsh, where ships wait on the tide and on the paperwork.",
    ),
    "cranes": (
        "Red quay cranes recede above stacks of coloured containers; two dockers in hard hats stand below.",
        "The cranes of the east quay, which work for as long as the wind allows.",
    ),
    "lighthouse": (
        "A red-and-white lighthouse and its keeper’s cottage on a green headland, waves breaking beneath.",
        "The light above the mouth of the Orle, seen from the landing below the cliff.",
    ),
    "ferry": (
        "A white car ferry with a red funnel crosses open water, trailing a long wake.",
        "The estuary ferry on its afternoon crossing, in fair weather.",
    ),
    "fishing-boats": (
        "Three wooden trawlers lie at anchor before a row of gabled houses at sunset.",
        "Trawlers in the old fishing harbour at Saltmarsh, home with the evening tide.",
    ),
    "oil-terminal": (
        "A tanker lies at a jetty beside white storage tanks; a flare burns on a tall mast at dusk.",
        "Tanks and flare stack at a Gulf export terminal, drawn from the seaward side.",
    ),
    "river-estuary": (
        "A broad river and two side channels wind through brown mudflats towards a pale sea.",
        "Where the Orle meets the sea: channels shift with every winter, and the charts follow later.",
    ),
    "flood-gate": (
        "Water pours beneath two raised steel gates set between the stone piers of a tidal barrier.",
        "The tidal barrier below Saltmarsh with two of its gates lifted to let the river out.",
    ),
    "grain-fields": (
        "A red combine harvester works through ripe wheat; silos and trees stand on the horizon.",
        "Harvest in Highmark, with a combine on the last of the winter wheat.",
    ),
    "border-fence": (
        "A high wire fence topped with coils runs beside a dirt track towards a watchtower and dry hills.",
        "The fence and its service road, looking north from the last public gate.",
    ),
    "desert": (
        "Three lorries cross between wind-carved dunes under a low sun.",
        "Lorries on the inland road of Sahil, a long way out of Rasheen.",
    ),
    "glacier": (
        "A crevassed glacier drops between dark ridges to a lake with icebergs; two surveyors watch.",
        "Surveyors at the foot of the ice, where it breaks into the meltwater lake.",
    ),
    "marsh-birds": (
        "Two herons stand in shallow pools among reeds while a flock rises into an orange sky.",
        "Herons on the saltmarsh at low water, as the evening flock goes over.",
    ),
    "silo": (
        "Four steel grain silos and a brick elevator tower; lorries wait on the track in front.",
        "Lorries waiting at a country grain store. In a good year the queue reaches the road.",
    ),
    "mill": (
        "A long brick mill with a clock tower stands above a weir; no smoke rises from its chimney.",
        "The mill above the weir, its chimney cold.",
    ),
    "factory": (
        "Workers pour through the gates of a saw-tooth-roofed factory beneath three smoking chimneys.",
        "The change of shift at the works gate, drawn from sketches made over two evenings.",
    ),
    "wind-farm": (
        "White turbines stand in rows at sea beyond a green headland where sheep graze.",
        "Turbines off the Low Coast, and the pasture that looks out on them.",
    ),
    "power-lines": (
        "Steel pylons carry wires over a line of hills at sunset.",
        "The high-voltage line from Highmark down to the coast.",
    ),
    "rail-yard": (
        "Tracks fan out beneath a signal gantry, with goods wagons on either side and two workers in orange.",
        "The goods yard at Castellan, drawn from the footbridge.",
    ),
    "capitol": (
        "A domed parliament building with a columned front stands above wide steps dotted with people.",
        "The Assembly building in Castellan on the evening of a late sitting.",
    ),
    "crowd-square": (
        "A dense crowd with flags and placards fills a square beneath apartment fronts and a clock tower.",
        "The square in Castellan, full from the clock tower to the tram stop.",
    ),
    "rasheen-skyline": (
        "A domed building with two slender towers faces a bay; modern high-rises and palms stand around it.",
        "Rasheen from across the bay, the old city in front of the new.",
    ),
    "tram": (
        "A red tram comes down a wet street between tall houses; two people share an umbrella.",
        "A tram on the hill line on a wet afternoon, running as usual a few minutes late.",
    ),
    "housing-blocks": (
        "Four tall blocks of flats with balconies and washing stand around a green with a path and swings.",
        "Flats on the north side of Saltmarsh, with the washing out.",
    ),
    "night-city": (
        "City windows and bridge lamps shine on a dark river under a full moon.",
        "Castellan from the river after midnight, seen from the last passenger boat.",
    ),
    "hospital": (
        "An ambulance stands before the lit entrance of a tall pale hospital; staff wait with a trolley.",
        "The main entrance of the general hospital, a little before the night shift.",
    ),
    "market": (
        "Striped awnings shade crates of fruit and vegetables in a cobbled square lined with gabled houses.",
        "Market day in Saltmarsh, where the stalls keep the same places from year to year.",
    ),
    "bookshop": (
        "Readers stand among tall shelves, a ladder and piled tables in a bookshop with a large window.",
        "A bookshop in the old town, where browsing is still counted as custom.",
    ),
    "assembly-hall": (
        "Members fill curved benches facing a speaker at the rostrum of a wood-panelled chamber.",
        "The chamber in full session, seen from the top row of the public gallery.",
    ),
    "courtroom": (
        "Three judges in black sit at a raised bench beneath a pair of scales; two advocates stand below.",
        "The bench of the regional court. Cameras are not allowed in the room; pencils are.",
    ),
    "laboratory": (
        "Two researchers in white coats stand behind a bench with a microscope, flasks and test tubes.",
        "The water laboratory, where samples from the whole length of the river are read.",
    ),
    "server-hall": (
        "Rows of blinking server racks run into the distance; one technician stands in the aisle.",
        "An aisle in a data hall. The hum is louder than the picture suggests.",
    ),
    "classroom": (
        "A teacher points at a blackboard while pupils, seen from behind, sit in rows; two hands are up.",
        "A morning lesson at a primary school in the Fens.",
    ),
    "museum-hall": (
        "Visitors walk between columns and glass cases beneath a hanging whale skeleton in an arched hall.",
        "The great hall of the museum. The whale has hung there longer than the lights have.",
    ),
    "orchestra": (
        "A conductor raises both arms before a full orchestra seated in arcs beneath organ pipes.",
        "The Saltmarsh orchestra in rehearsal order, with the cellos where the sound is kindest.",
    ),
    "theatre": (
        "Two actors stand in pools of light on a red-curtained stage before a full house.",
        "The second act, seen from the back of the stalls at the municipal theatre.",
    ),
    "portrait-reporter": (
        "A reporter in a brown coat makes notes on the quay, with cranes and a fishing boat behind.",
        "Notebook first: a reporter at work on the quay, as every story here begins.",
    ),
}

CAPTIONS = {key: (alt, caption, CREDIT) for key, (alt, caption) in TEXTS.items()}
