"""The story that the demonstration tells: four councils, their people, and a year that is made up.

Hubs of York and Herefordshire and York's weekly drop-ins are real, from public pages; every family, booking and
visit is invented. The same seed and the same day tell the same story.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from app.demo.parenting.story import PROGRAMMES, ProgrammeStory
from hubs.terms import ActivityKind, BookingMode, CountedIn, Weekday
from kernel.words import Word


class Trend(Word):
    """How a hub fares over the year."""

    STEADY = "steady"
    GROWING = "growing"
    NO_SHOWS = "no_shows", "Many who book do not come"
    SHRINKING = "shrinking"


@dataclass(frozen=True)
class ActivityStory:
    """An activity that the demonstration adds beside the real ones."""

    title: str
    kind: ActivityKind
    description: str
    ages: tuple[int, int]
    """In months, the last one included."""
    counted_in: CountedIn = CountedIn.FAMILIES
    places: int = 12
    bring: str = ""
    audience: str = "Parents and carers with their children"
    mode: BookingMode = BookingMode.BOOKABLE
    price_pence: int = 0
    opens_days_before: int | None = None
    children_per_adult: int | None = 3
    one_per_day: bool = False
    adults_too: int | None = None


@dataclass(frozen=True)
class WeeklyStory:
    """When an activity happens at a hub."""

    hub: str
    activity: str
    weekday: Weekday
    starts: time
    ends: time
    every_weeks: int = 1
    term_time_only: bool = True
    room: str = "Main room"


@dataclass(frozen=True)
class CouncilStory:
    """One council of the demonstration."""

    slug: str
    name: str
    email: str
    phone: str
    colour: str
    postcodes: tuple[str, ...]
    families: int
    hubs: tuple[tuple[str, str], ...]
    """Name and area of hubs that are not in a file."""
    files: tuple[tuple[str, str], ...]
    """Kind and name of the real files to import."""
    terms: tuple[str, ...]
    weekly: tuple[WeeklyStory, ...]
    trends: dict[str, Trend]
    people: tuple[tuple[str, str, str], ...]
    """Role, name and the hubs where they work, separated by ``|``."""
    programmes: tuple[ProgrammeStory, ...] = ()


MESSY, MASSAGE, BABIES, SONGS, FEEDING, WEIGH, SEND, DADS, TALK, COOK = (
    "Messy play", "Baby massage", "Babies and bumps", "Sing and sign", "Infant feeding café", "Health visitor clinic",
    "Stay and play for children with additional needs", "Saturday dads", "Chatter matters", "Cook together",
)  # fmt: skip

ACTIVITIES = (
    ActivityStory(
        MESSY, ActivityKind.PARENT_BABY_TODDLER,
        "Paint, foam and **lots** of splashing. Old clothes are a must.\n\n- Aprons for grown-ups are here\n- A changing "
        "table and warm water too",
        (12, 47), CountedIn.CHILDREN, 16, bring="A change of clothes and a towel", adults_too=16, opens_days_before=14,
        one_per_day=True,
    ),
    ActivityStory(
        MASSAGE, ActivityKind.PARENT_BABY_TODDLER,
        "Learn gentle massage for your baby from a trained worker. It can help with sleep and wind.",
        (0, 11), CountedIn.FAMILIES, 8, bring="A towel and a blanket", price_pence=200, children_per_adult=1,
    ),
    ActivityStory(
        BABIES, ActivityKind.PERINATAL_MENTAL_HEALTH,
        "Somewhere to meet others who are expecting or have a new baby. Tea is on.",
        (0, 11), CountedIn.ADULTS, 14, audience="Anyone expecting or with a baby",
    ),
    ActivityStory(
        SONGS, ActivityKind.MUSIC_ARTS_DANCE, "Songs with Makaton signs, for little ones who are starting to talk.",
        (6, 35), CountedIn.FAMILIES, 14, opens_days_before=7,
    ),
    ActivityStory(
        FEEDING, ActivityKind.INFANT_FEEDING, "Help with breastfeeding and bottle feeding from people trained to help.",
        (0, 23), CountedIn.FAMILIES, 12, mode=BookingMode.DROP_IN,
    ),
    ActivityStory(
        WEIGH, ActivityKind.HEALTH_VISITING, "Have your baby weighed and ask the health visitor anything.",
        (0, 59), CountedIn.FAMILIES, 10, bring="Your red book", opens_days_before=7, one_per_day=True,
    ),
    ActivityStory(
        SEND, ActivityKind.SEND_GROUPS, "A calm session with sensory toys and staff who understand. Brothers and sisters "
        "are welcome.",
        (0, 131), CountedIn.CHILDREN, 10, adults_too=10,
    ),
    ActivityStory(
        DADS, ActivityKind.PARENT_BABY_TODDLER, "Bacon rolls, trains and time with the children. For dads, grandads and "
        "uncles.",
        (0, 95), CountedIn.FAMILIES, 15, audience="Dads and male carers",
    ),
    ActivityStory(
        TALK, ActivityKind.SPEECH_LANGUAGE, "Play that gets children talking, with a speech and language therapist.",
        (18, 47), CountedIn.CHILDREN, 10, opens_days_before=14,
    ),
    ActivityStory(
        COOK, ActivityKind.NUTRITION, "Cook a cheap, healthy tea together and take it home.",
        (36, 131), CountedIn.FAMILIES, 6, price_pence=100, children_per_adult=2,
    ),
)  # fmt: skip

MON, TUE, WED, THU, FRI, SAT = (
    Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY, Weekday.SATURDAY,
)  # fmt: skip


def weekly(hub: str, *lines: tuple[str, Weekday, str, str]) -> tuple[WeeklyStory, ...]:
    """Return what happens at a hub every week, from lines of activity, day, start and end."""
    return tuple(
        WeeklyStory(
            hub,
            title,
            day,
            time.fromisoformat(starts),
            time.fromisoformat(ends),
            term_time_only=title != DADS,
        )
        for title, day, starts, ends in lines
    )


YORK = CouncilStory(
    "york", "City of York Council", "familyhubs@york.example", "01632 960100", "#1d5b4f",
    ("YO30 6", "YO24 3", "YO31 1", "YO26 5", "YO10 3"), 480, (),
    (("hubs", "york/hubs.csv"), ("timetable", "york/timetable.csv")),
    ("term-dates/staffordshire-2025-2026.csv", "term-dates/buckinghamshire-2026-2027.csv"),
    (
        *weekly(
            "Clifton Children's Centre", (MESSY, MON, "10:00", "11:30"), (MASSAGE, TUE, "10:00", "11:00"),
            (WEIGH, THU, "09:30", "11:30"), (SONGS, FRI, "14:30", "15:30"), (DADS, SAT, "09:30", "11:30"),
        ),
        *weekly(
            "Hob Moor Children's Centre", (MESSY, WED, "13:00", "14:30"), (BABIES, MON, "13:00", "14:30"),
            (TALK, FRI, "09:30", "10:45"), (COOK, THU, "15:30", "17:00"),
        ),
        *weekly(
            "The Avenues Children's Centre", (SEND, TUE, "15:30", "17:00"), (SONGS, MON, "10:00", "11:00"),
            (FEEDING, THU, "10:00", "12:00"),
        ),
    ),
    {
        "Clifton Children's Centre": Trend.GROWING, "Hob Moor Children's Centre": Trend.NO_SHOWS,
        "Tang Hall Explore": Trend.SHRINKING,
    },
    (
        ("council_admin", "Ruth Adeyemi", ""), ("council_lead", "Martin Holroyd", ""),
        ("hub_manager", "Sunita Rao", "Clifton Children's Centre|Hob Moor Children's Centre"),
        ("hub_worker", "Jess Thackray", "Clifton Children's Centre"),
        ("hub_worker", "Ifan Bowen", "Hob Moor Children's Centre"),
        ("parent", "Marta Kowalczyk", "Clifton Children's Centre"), ("parent", "Siobhan O'Neill-Łukasz", "Hob Moor Children's Centre"),
    ),
)  # fmt: skip

HEREFORDSHIRE = CouncilStory(
    "herefordshire", "Herefordshire Council", "familyhubs@herefordshire.example", "01632 960200", "#7a1f5c",
    ("HR1 2", "HR2 7", "HR4 9", "HR6 8", "HR9 5"), 320, (), (("hubs", "herefordshire/hubs.csv"),),
    ("term-dates/staffordshire-2025-2026.csv", "term-dates/buckinghamshire-2026-2027.csv"),
    (
        *weekly(
            "Widemarsh Children's Centre", (MESSY, TUE, "10:00", "11:30"), (MASSAGE, WED, "10:00", "11:00"),
            (WEIGH, MON, "09:30", "11:30"), (FEEDING, THU, "10:00", "12:00"),
        ),
        *weekly(
            "Greencroft Children's Centre", (SONGS, MON, "10:00", "11:00"), (BABIES, THU, "13:00", "14:30"),
            (DADS, SAT, "10:00", "12:00"),
        ),
        *weekly("Coningsby Children's Centre", (MESSY, FRI, "10:00", "11:30"), (TALK, WED, "13:30", "14:45")),
        *weekly("Ryefield Centre", (SONGS, TUE, "10:00", "11:00"), (COOK, FRI, "15:30", "17:00")),
        *weekly("Ledbury Children's Centre", (MESSY, THU, "13:00", "14:30"), (WEIGH, TUE, "13:00", "15:00")),
    ),
    {"Greencroft Children's Centre": Trend.GROWING, "Coningsby Children's Centre": Trend.NO_SHOWS},
    (
        ("council_admin", "Gareth Prosser", ""), ("council_lead", "Helen Baskerville", ""),
        ("hub_manager", "Amara Nwosu", "Widemarsh Children's Centre|Greencroft Children's Centre"),
        ("hub_worker", "Tom Preece", "Widemarsh Children's Centre"), ("parent", "Ioana Popescu", "Widemarsh Children's Centre"),
        ("coordinator", "Carys Bevan", "Widemarsh Children's Centre|Greencroft Children's Centre|Coningsby Children's Centre"
         "|Ryefield Centre|Ledbury Children's Centre"),
        ("hub_worker", "Nerys Watkins", "Greencroft Children's Centre|Ledbury Children's Centre"),
    ),
    PROGRAMMES,
)  # fmt: skip

WORCESTERSHIRE = CouncilStory(
    "worcestershire", "Worcestershire County Council", "familyhubs@worcestershire.example", "01632 960300", "#1f4e8c",
    ("WR1 1", "WR5 1", "B97 4", "DY10 1", "WR11 4"), 210,
    (
        ("Redditch Family Hub", "Redditch"), ("Worcester Family Hub", "Worcester City"), ("Wyre Forest Family Hub", "Wyre Forest"),
        ("Wychavon Family Hub", "Wychavon"),
    ),
    (), ("term-dates/staffordshire-2025-2026.csv", "term-dates/buckinghamshire-2026-2027.csv"),
    (
        *weekly("Redditch Family Hub", (MESSY, MON, "10:00", "11:30"), (WEIGH, WED, "09:30", "11:30"), (SONGS, FRI, "10:00", "11:00")),
        *weekly("Worcester Family Hub", (MASSAGE, TUE, "10:00", "11:00"), (BABIES, THU, "13:00", "14:30")),
        *weekly("Wyre Forest Family Hub", (MESSY, THU, "10:00", "11:30"), (TALK, MON, "13:30", "14:45")),
        *weekly("Wychavon Family Hub", (SONGS, WED, "10:00", "11:00")),
    ),
    {"Worcester Family Hub": Trend.GROWING, "Redditch Family Hub": Trend.NO_SHOWS},
    (
        ("council_admin", "Priya Chauhan", ""), ("council_lead", "Alan Wetherby", ""),
        ("hub_manager", "Donna Millward", "Redditch Family Hub"), ("hub_worker", "Kofi Mensah", "Redditch Family Hub"),
        ("parent", "李静", "Redditch Family Hub"),
    ),
)  # fmt: skip

TELFORD = CouncilStory(
    "telford-and-wrekin", "Telford & Wrekin Council", "familyhubs@telford.example", "01632 960400", "#8a3b12",
    ("TF1 3", "TF3 1", "TF7 5", "TF2 6"), 170,
    (("Hadley Family Hub", "Hadley"), ("Madeley Family Hub", "Madeley"), ("Brookside Family Hub", "Brookside")),
    (), ("term-dates/staffordshire-2025-2026.csv", "term-dates/buckinghamshire-2026-2027.csv"),
    (
        *weekly("Hadley Family Hub", (MESSY, TUE, "10:00", "11:30"), (MASSAGE, FRI, "10:00", "11:00")),
        *weekly("Madeley Family Hub", (SONGS, MON, "13:30", "14:30"), (WEIGH, THU, "09:30", "11:30")),
        *weekly("Brookside Family Hub", (MESSY, WED, "10:00", "11:30"), (DADS, SAT, "10:00", "12:00")),
    ),
    {"Madeley Family Hub": Trend.GROWING, "Brookside Family Hub": Trend.NO_SHOWS},
    (
        ("council_admin", "Chris Beddow", ""), ("council_lead", "Yasmin Akhtar", ""),
        ("hub_manager", "Steph Onions", "Hadley Family Hub"), ("hub_worker", "Dean Jukes", "Hadley Family Hub"),
        ("parent", "Fatima al-Sayed", "Hadley Family Hub"),
    ),
)  # fmt: skip

COUNCILS = (YORK, HEREFORDSHIRE, WORCESTERSHIRE, TELFORD)
OPERATOR = ("operator", "Olu Bankole")

FAMILY_NAMES = (
    "Smith|Jones|Taylor|Brown|Kowalska|Patel|Hussain|Ali|Wright|Walker|O'Connor|Nguyen|Popescu|Khan|Evans|Begum|Robinson|"
    "Thompson|Okafor|Ivanova|Adeyemi|Green|Hall|Wood|Clarke|Mohammed|Singh|Kaur|Chen|Łukasik|García|Yılmaz|Haddad|Ncube|"
    "Fernandes|Petrov|Osman|Lewis|Harrison|Shaw|Dixon|Akhtar|Rees-Moore|Da Silva|Van der Berg|Murphy|Bell|Hughes"
).split("|")
CARERS = (
    "Emma|Sarah|Aisha|Katarzyna|Priya|Chloe|Zainab|Laura|Gemma|Ioana|Fatima|Megan|Nadia|Grace|Rebecca|Simran|Mei|Olena|"
    "Hannah|Amara|Daniel|James|Mohammed|Piotr|Liam|Tariq|Andrei|Sam|Kwame|Ben"
).split("|")
CHILDREN = (
    "Mia|Noah|Zara|Leo|Amelia|Yusuf|Ava|Oscar|Maja|Ibrahim|Isla|Theo|Aanya|Harry|Ella|Kai|Sofia|Jacob|Hana|Arlo|Freya|"
    "Muhammad|Lily|Finn|Nia|Ethan|Zofia|Adam|Ruby|Samuel|Ayla|Toby|Eva|Rayan|Poppy|Luca|Wren|Chidi|Iris|Musa"
).split("|")
LANGUAGES = ("en",) * 14 + ("pl", "ro", "ur", "ar", "uk", "zh", "pa", "pt")
ETHNICITIES = ("WBRI",) * 12 + (
    "WOTH",
    "WOTH",
    "APKN",
    "AIND",
    "BAFR",
    "MWAS",
    "MWBC",
    "CHNE",
    "OOTH",
    "REFU",
    "",
)
ALLERGIES = ("Peanuts and tree nuts. Carries an EpiPen.", "Cow's milk", "Egg", "Sesame", "Bee stings")
MEDICAL = ("Asthma: blue inhaler in the bag.", "Epilepsy: see the care plan.", "Eczema")
NEEDS = (
    "Autistic. Loud noise is hard; a quiet corner helps.",
    "Hearing aid in the left ear.",
    "Waiting for a speech therapist.",
)


@dataclass(frozen=True)
class FamilyStory:
    """An invented family."""

    family_name: str
    carers: tuple[str, ...]
    children: tuple[tuple[str, date], ...]
    postcode: str
    language: str
    ethnicity: str
    hub: str
    keen: float
    """How often they come: 0 hardly, 1 whenever they can."""
    allergy: str | None
    medical: str | None
    need: str | None


def families(council: CouncilStory, hubs: list[str], today: date) -> list[FamilyStory]:
    """Return the invented families of a council, the same each time on the same day."""
    dice = Random(f"{council.slug} families")
    return [_family(dice, council, hubs, today) for _ in range(council.families)]


def _family(dice: Random, council: CouncilStory, hubs: list[str], today: date) -> FamilyStory:
    weights = [6 if council.trends.get(hub) else 3 for hub in hubs]
    born = today - timedelta(days=int(dice.triangular(30, 365 * 8, 400)))
    children = [(dice.choice(CHILDREN), born)]
    for _ in range(dice.choices((0, 1, 2), (45, 42, 13))[0]):
        gap = 0 if dice.random() < 0.04 else dice.randrange(450, 1600)
        name = dice.choice([n for n in CHILDREN if n not in {c for c, _ in children}])
        children.append((name, children[-1][1] - timedelta(days=gap)))
    return FamilyStory(
        family_name=dice.choice(FAMILY_NAMES),
        carers=tuple(dice.sample(CARERS, dice.choices((1, 2), (60, 40))[0])),
        children=tuple(children),
        postcode=f"{dice.choice(council.postcodes)}{dice.choice('ABDEFGHJLN')}{dice.choice('ABDEFGHJLN')}",
        language=dice.choice(LANGUAGES),
        ethnicity=dice.choice(ETHNICITIES),
        hub=dice.choices(hubs, weights)[0],
        keen=dice.betavariate(1.3, 2.2),
        allergy=dice.choice(ALLERGIES) if dice.random() < 0.12 else None,
        medical=dice.choice(MEDICAL) if dice.random() < 0.1 else None,
        need=dice.choice(NEEDS) if dice.random() < 0.12 else None,
    )


def crowd(trend: Trend, year_share: float) -> float:
    """Return how full a hub is at a point of the year (0 a year ago, 1 now), as a share of its usual crowd."""
    match trend:
        case Trend.GROWING:
            return 0.45 + 0.75 * year_share
        case Trend.SHRINKING:
            return 1.05 - 0.5 * year_share
    return 0.85


def stays_away(trend: Trend) -> float:
    """Return the chance that somebody who booked neither comes nor says so."""
    return 0.31 if trend is Trend.NO_SHOWS else 0.07


def season(day: date) -> float:
    """Return how the time of the year fills or empties sessions."""
    return {1: 0.9, 2: 0.9, 7: 0.9, 8: 0.7, 12: 0.75}.get(day.month, 1.0)
