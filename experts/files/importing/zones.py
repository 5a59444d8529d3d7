"""Time zones as programs name them: the world's own names, those of Windows, and a distance from Greenwich."""

import re
import zoneinfo
from functools import cache

from ..places import folded_label

# Outlook writes Windows' names. The zone of the largest city there, as Unicode's table (windowsZones) has it.
WINDOWS = dict(
    pair.split("=") for pair in (
        "Dateline=Etc/GMT+12,UTC-11=Etc/GMT+11,Aleutian=America/Adak,Hawaiian=Pacific/Honolulu,"
        "Alaskan=America/Anchorage,Pacific=America/Los_Angeles,Pacific (Mexico)=America/Tijuana,"
        "US Mountain=America/Phoenix,Mountain=America/Denver,Mountain (Mexico)=America/Mazatlan,"
        "Central America=America/Guatemala,Central=America/Chicago,Central (Mexico)=America/Mexico_City,"
        "Canada Central=America/Regina,SA Pacific=America/Bogota,Eastern=America/New_York,"
        "Eastern (Mexico)=America/Cancun,US Eastern=America/Indiana/Indianapolis,Cuba=America/Havana,"
        "Haiti=America/Port-au-Prince,Venezuela=America/Caracas,Atlantic=America/Halifax,Paraguay=America/Asuncion,"
        "Central Brazilian=America/Cuiaba,SA Western=America/La_Paz,Pacific SA=America/Santiago,"
        "Newfoundland=America/St_Johns,E. South America=America/Sao_Paulo,Argentina=America/Buenos_Aires,"
        "SA Eastern=America/Cayenne,Greenland=America/Godthab,Montevideo=America/Montevideo,Bahia=America/Bahia,"
        "UTC-02=Etc/GMT+2,Azores=Atlantic/Azores,Cape Verde=Atlantic/Cape_Verde,GMT=Europe/London,"
        "Greenwich=Atlantic/Reykjavik,Morocco=Africa/Casablanca,W. Europe=Europe/Berlin,"
        "Central Europe=Europe/Budapest,Romance=Europe/Paris,Central European=Europe/Warsaw,"
        "W. Central Africa=Africa/Lagos,Namibia=Africa/Windhoek,Jordan=Asia/Amman,GTB=Europe/Bucharest,"
        "Middle East=Asia/Beirut,Egypt=Africa/Cairo,Syria=Asia/Damascus,E. Europe=Europe/Chisinau,"
        "South Africa=Africa/Johannesburg,FLE=Europe/Kiev,Israel=Asia/Jerusalem,Kaliningrad=Europe/Kaliningrad,"
        "Sudan=Africa/Khartoum,Libya=Africa/Tripoli,Turkey=Europe/Istanbul,Arabic=Asia/Baghdad,Arab=Asia/Riyadh,"
        "Belarus=Europe/Minsk,Russian=Europe/Moscow,E. Africa=Africa/Nairobi,Iran=Asia/Tehran,Arabian=Asia/Dubai,"
        "Azerbaijan=Asia/Baku,Mauritius=Indian/Mauritius,Georgian=Asia/Tbilisi,Caucasus=Asia/Yerevan,"
        "Afghanistan=Asia/Kabul,West Asia=Asia/Tashkent,Ekaterinburg=Asia/Yekaterinburg,Pakistan=Asia/Karachi,"
        "India=Asia/Calcutta,Sri Lanka=Asia/Colombo,Nepal=Asia/Katmandu,Central Asia=Asia/Almaty,"
        "Bangladesh=Asia/Dhaka,N. Central Asia=Asia/Novosibirsk,Myanmar=Asia/Rangoon,SE Asia=Asia/Bangkok,"
        "North Asia=Asia/Krasnoyarsk,China=Asia/Shanghai,Singapore=Asia/Singapore,W. Australia=Australia/Perth,"
        "Taipei=Asia/Taipei,Ulaanbaatar=Asia/Ulaanbaatar,North Asia East=Asia/Irkutsk,Tokyo=Asia/Tokyo,"
        "Korea=Asia/Seoul,Yakutsk=Asia/Yakutsk,Cen. Australia=Australia/Adelaide,AUS Central=Australia/Darwin,"
        "E. Australia=Australia/Brisbane,AUS Eastern=Australia/Sydney,West Pacific=Pacific/Port_Moresby,"
        "Tasmania=Australia/Hobart,Vladivostok=Asia/Vladivostok,Central Pacific=Pacific/Guadalcanal,"
        "New Zealand=Pacific/Auckland,Fiji=Pacific/Fiji,Tonga=Pacific/Tongatapu,Samoa=Pacific/Apia,"
        "Line Islands=Pacific/Kiritimati"
    ).split(",")
)  # fmt: skip
# Offsets that are no whole hour and belong to one zone alone.
ODD_OFFSETS = {(3, 30): "Asia/Tehran", (4, 30): "Asia/Kabul", (5, 30): "Asia/Kolkata", (5, 45): "Asia/Kathmandu",
               (6, 30): "Asia/Yangon", (9, 30): "Australia/Adelaide", (-3, 30): "America/St_Johns"}  # fmt: skip
OFFSET = re.compile(r"^(?:(?:utc|gmt)\s*)?([+\-−])\s?(\d{1,2})(?::?(\d{2}))?(?:$|[;,\s])", re.IGNORECASE)
BY_WINDOWS = {folded_label(name): zone for name, zone in WINDOWS.items()}


@cache
def _known_zones():
    """{name in small letters: name} of the zones of this machine, which takes a walk through its files to list."""
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def zone_of(text):
    """The zone that a text names, as “Europe/London”; "" where it names none."""
    text = " ".join(text.split()).strip('"')
    known = _known_zones()
    if zone := known.get(text.replace(" ", "_").casefold()) or known.get(text.rpartition("/tz/")[2].casefold()):
        return zone
    if text.casefold() == "z":
        return "UTC"
    windows = re.sub(r" (?:standard|daylight|summer) time$| time$", "", folded_label(text))
    if windows in BY_WINDOWS:
        return BY_WINDOWS[windows] if BY_WINDOWS[windows] in known.values() else ""
    if match := OFFSET.match(text):
        return _zone_of_offset(-1 if match[1] != "+" else 1, int(match[2]), int(match[3] or 0))
    return ""


def _zone_of_offset(sign, hours, minutes):
    if minutes:
        return ODD_OFFSETS.get((sign * hours, minutes), "")
    if hours > (14 if sign > 0 else 12):
        return ""
    # These names count from there to Greenwich: an hour east of it is GMT-1.
    return "UTC" if not hours else f"Etc/GMT{'-' if sign > 0 else '+'}{hours}"
