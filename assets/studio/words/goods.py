"""Per archetype: names a shop would use, and what the thing is good for."""

GOODS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "chair": (
        ("dining chair", "chair", "side chair"),
        ("for long dinners", "to pull up wherever a seat is missing", "with a back that supports"),
    ),
    "sofa": (
        ("sofa", "couch", "settee"),
        ("for film nights", "to sink into after work", "with room for a nap"),
    ),
    "table": (
        ("dining table", "table", "kitchen table"),
        ("for meals, homework and maps", "to gather around", "that stands firm on any floor"),
    ),
    "bookcase": (
        ("bookcase", "bookshelf", "shelf unit"),
        (
            "for novels and what is left of a record collection",
            "that carries heavy books without sagging",
            "to line a reading wall",
        ),
    ),
    "drawers": (
        ("chest of drawers", "dresser", "drawer unit"),
        ("for shirts, socks and secrets", "with drawers that close softly", "to tidy a bedroom"),
    ),
    "bed": (
        ("bed", "double bed", "bed frame"),
        ("for sleeping in on Sundays", "with slats that do not creak", "to wake up rested in"),
    ),
    "table_lamp": (
        ("table lamp", "bedside lamp", "lamp"),
        ("to read by", "that casts a warm circle of light", "for the bedside or the sideboard"),
    ),
    "floor_lamp": (
        ("floor lamp", "standing lamp", "reading lamp"),
        ("to stand beside an armchair", "that lights a whole corner", "for late chapters"),
    ),
    "pendant": (
        ("pendant lamp", "ceiling lamp", "hanging light"),
        ("to hang low above a table", "that throws its light straight down", "for kitchens and stairwells"),
    ),
    "candle": (
        ("candle", "candle set", "set of candles"),
        ("that burns slowly and without dripping", "for the long dark evenings", "with a clean cotton wick"),
    ),
    "mug": (
        ("mug", "coffee mug", "cup"),
        (
            "for the first coffee of the day",
            "that keeps tea warm for a chapter",
            "with a handle for the whole hand",
        ),
    ),
    "teapot": (
        ("teapot", "tea pot", "pot for tea"),
        ("that pours without a drip", "for loose leaf and long talks", "with a strainer in its spout"),
    ),
    "plate": (
        ("dinner plate", "plate", "serving plate"),
        (
            "that sets off simple food",
            "for pasta, cake and everything between",
            "to stack high in the cupboard",
        ),
    ),
    "bowl": (
        ("bowl", "salad bowl", "serving bowl"),
        ("for soups and salads", "to pass around the table", "for fruit on the sideboard"),
    ),
    "wine_glass": (
        ("wine glass", "stemmed glass", "glass"),
        ("that lets a good red breathe", "for toasts", "with a fine rim and a steady foot"),
    ),
    "cushion": (
        ("cushion", "throw pillow", "sofa cushion"),
        ("to lean into", "that freshens up a tired sofa", "with a filling that keeps its shape"),
    ),
    "blanket": (
        ("blanket", "throw", "bed throw"),
        ("for the cold side of the sofa", "to wrap up in on the balcony", "that warms without weighing"),
    ),
    "towel": (
        ("towel set", "bath towel", "towel"),
        ("that dries fast and stays soft", "for after the shower", "with a dense, thirsty pile"),
    ),
    "rug": (
        ("rug", "carpet", "woven rug"),
        ("to warm a bare floor", "that muffles footsteps", "for under the coffee table"),
    ),
    "potted_plant": (
        ("house plant", "potted plant", "leafy plant in its pot"),
        ("that forgives a missed watering", "to bring a room to life", "for a bright window"),
    ),
    "cactus": (
        ("cactus", "potted cactus", "desert plant"),
        ("that asks for a drop a month", "for sunny sills", "to keep an eye on the desk"),
    ),
    "vase": (
        ("vase", "flower vase", "bud vase"),
        ("for a bunch from the market", "that looks good even empty", "for tall stems"),
    ),
    "watering_can": (
        ("watering can", "plant waterer", "can for watering"),
        (
            "with a long spout that reaches the back row",
            "for balcony boxes and thirsty ferns",
            "that pours gently",
        ),
    ),
    "speaker": (
        ("loudspeaker", "speaker", "bookshelf speaker"),
        ("with a bass you can feel", "that fills the kitchen with radio plays", "for vinyl nights"),
    ),
    "headphones": (
        ("pair of headphones", "headphone set", "over-ear headset"),
        ("that shuts the train out", "for whole albums in one go", "with cushions soft enough for glasses"),
    ),
    "radio": (
        ("radio", "portable radio", "kitchen radio"),
        ("for the news at breakfast", "that finds stations by the turn of a knob", "to take into the garden"),
    ),
    "turntable": (
        ("turntable", "record player", "vinyl player"),
        ("that lets records sound as they should", "with a steady belt drive", "for slow Sunday listening"),
    ),
    "keyboard": (
        ("keyboard", "computer keyboard", "typing keyboard"),
        ("with keys that answer crisply", "for long reports", "that types almost silently"),
    ),
    "mouse": (
        ("computer mouse", "mouse", "desk mouse"),
        ("that glides on any surface", "with a wheel that clicks precisely", "shaped to spare the wrist"),
    ),
    "monitor": (
        ("monitor", "computer screen", "display"),
        ("that is kind to the eyes", "for two windows side by side", "with a stand that tilts"),
    ),
    "pencil_cup": (
        ("pencil cup", "pen pot", "desk tidy"),
        ("for pens, brushes and a ruler", "that ends the hunt for a pencil", "to keep a desk in order"),
    ),
    "notebook": (
        ("notebook", "journal", "writing book"),
        ("for plans and sketches", "with paper that takes ink well", "that lies flat when open"),
    ),
    "teddy": (
        ("teddy bear", "cuddly bear", "soft bear"),
        ("to hold on to at night", "that listens to everything", "with firmly stitched eyes"),
    ),
    "abacus": (
        ("abacus", "counting frame", "bead frame"),
        (
            "for first sums",
            "that makes numbers something to touch",
            "with beads that click along their wires",
        ),
    ),
    "toy_train": (
        ("toy train", "train set", "locomotive with wagons"),
        (
            "for journeys under the table",
            "with couplings that hold",
            "that rolls on carpet and parquet alike",
        ),
    ),
    "puzzle_cube": (
        ("puzzle cube", "twisty puzzle", "brain teaser cube"),
        ("that turns smoothly", "for waiting rooms and rainy days", "to puzzle over"),
    ),
    "dumbbell": (
        ("dumbbell", "hand weight", "dumbbell set"),
        ("for ten minutes of training at home", "with a grip that does not slip", "to build strength"),
    ),
    "ball": (
        ("sports ball", "ball", "play ball"),
        ("that bounces true", "for the park and the yard", "with a grippy surface"),
    ),
    "racket": (
        ("tennis racket", "racket", "sports racket"),
        ("for a quick match after work", "with a forgiving sweet spot", "strung and ready to play"),
    ),
    "skateboard": (
        ("skateboard", "board", "cruiser board"),
        ("that rolls quietly to the bakery", "with bearings that spin for ages", "for the skate park"),
    ),
    "backpack": (
        ("backpack", "rucksack", "daypack"),
        ("with padded straps", "for commutes and trails", "that keeps the rain out"),
    ),
    "handbag": (
        ("handbag", "shoulder bag", "bag"),
        (
            "with a pocket for everything small",
            "for office days and evenings out",
            "that closes with a firm click",
        ),
    ),
    "suitcase": (
        ("suitcase", "trolley case", "travel case"),
        ("on four quiet wheels", "with straps that hold shirts flat", "that shrugs off luggage belts"),
    ),
    "basket": (
        ("basket", "woven basket", "storage basket"),
        ("for laundry, logs or toys", "to carry to the market", "that keeps clutter out of sight"),
    ),
    "wall_clock": (
        ("wall clock", "clock for the wall", "kitchen clock"),
        ("with a movement that does not tick", "to read from across the room", "for the hallway"),
    ),
    "alarm_clock": (
        ("alarm clock", "bedside clock", "table clock"),
        (
            "that wakes even deep sleepers",
            "with hands that glow in the dark",
            "for people who hide their phone",
        ),
    ),
    "hourglass": (
        ("hourglass", "sand timer", "sand glass"),
        ("that measures tea, yoga or patience", "to watch time pass", "for screen-free breaks"),
    ),
    "picture_frame": (
        ("picture frame", "framed print", "photo frame"),
        ("for the wall above the sofa", "with a mount and anti-glare glass", "to hang alone or in a row"),
    ),
    "frying_pan": (
        ("frying pan", "skillet", "pan"),
        ("for crisp potatoes and soft eggs", "that heats evenly to the rim", "for every kind of stove"),
    ),
    "kettle": (
        ("kettle", "stove kettle", "water kettle"),
        (
            "that whistles when it boils",
            "for tea, pasta water and hot-water bottles",
            "with a handle that stays cool",
        ),
    ),
    "cutting_board": (
        ("chopping board", "cutting board", "kitchen board"),
        ("that is gentle on knives", "for bread, herbs and cheese", "which does not slip"),
    ),
    "pepper_mill": (
        ("pepper mill", "spice grinder", "salt and pepper mill"),
        ("with a ceramic grinder", "that goes from coarse to dust", "to finish a dish at the table"),
    ),
    "saucepan": (
        ("cooking pot", "saucepan", "pot with lid"),
        ("for soups that simmer all day", "with a heavy base", "that goes from stove to oven"),
    ),
}
