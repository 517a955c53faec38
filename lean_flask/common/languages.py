"""Language tags: their form, the direction of their script, and Lean's language for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from .types import Language

#: ``ur``, ``zh-Hant`` or ``en-IN``: language, script and region, spelt as browsers spell them.
TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
#: Languages that are written from right to left, unless the tag names another script.
_FROM_THE_RIGHT = re.compile("ar|arc|bal|ckb|dv|fa|glk|he|ks|lrc|mzn|pnb|ps|sd|syr|ug|ur|yi")
_SCRIPTS_FROM_THE_RIGHT = re.compile("Adlm|Arab|Aran|Hebr|Mand|Nkoo|Rohg|Syrc|Thaa")

#: What languages call themselves.
_OWN_NAMES: Mapping[str, str] = {
    "am": "አማርኛ",
    "ar": "العربية",
    "bn": "বাংলা",
    "ckb": "کوردی",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fil": "Filipino",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "kn": "ಕನ್ನಡ",
    "ml": "മലയാളം",
    "mr": "मराठी",
    "ms": "Bahasa Melayu",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "pa": "ਪੰਜਾਬੀ",
    "ps": "پښتو",
    "pt": "Português",
    "ru": "Русский",
    "sd": "سنڌي",
    "si": "සිංහල",
    "so": "Soomaali",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "th": "ไทย",
    "tl": "Tagalog",
    "tr": "Türkçe",
    "ug": "ئۇيغۇرچە",
    "ur": "اردو",
    "uz": "Oʻzbekcha",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


def language_names(tags: Iterable[str]) -> dict[str, str]:
    """Return what each language calls itself; of one that is not known here, its tag."""
    tags = tuple(tags)
    names = {tag: _OWN_NAMES.get(tag.partition("-")[0], tag) for tag in tags}
    shared = {name for name in names.values() if [*names.values()].count(name) > 1}
    return {tag: f"{name} ({tag})" if name in shared else name for tag, name in names.items()}


def direction(tag: str) -> Literal["rtl", "ltr"]:
    """Return the direction in which the language of *tag* is written."""
    language, _, rest = tag.partition("-")
    script = rest[:4] if len(rest) >= 4 and rest[:4].isalpha() else ""
    pattern = _SCRIPTS_FROM_THE_RIGHT if script else _FROM_THE_RIGHT
    return "rtl" if pattern.fullmatch(script or language) else "ltr"


def lean_language(tag: str) -> Language:
    """Return the language of Lean's SDK, and of banks' names, on a page of the language *tag*.

    Lean has two. All but Arabic get English, whatever the script: an Urdu page would be followed
    by a window that its reader can spell out, and does not understand. The names of banks are
    those that the customer sees again in that window.
    """
    return "ar" if tag.split("-")[0] == "ar" else "en"


def other_language(language: Language) -> Language:
    """Return the other one of Lean's two languages."""
    return "en" if language == "ar" else "ar"


def closest(tag: str, languages: tuple[str, ...]) -> str | None:
    """Return the one of *languages* that *tag* means: itself, or its language elsewhere."""
    if tag in languages:
        return tag
    language = tag.partition("-")[0].lower()
    return next((known for known in languages if known.partition("-")[0] == language), None)
