"""Finding a bank by whatever a customer types: either script, short names, old names, slips.

``static/src/search.js`` mirrors :func:`fold`, :func:`core` and the ranks for search as you type;
``tests/search_vectors.json`` holds both to the same answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from .bank import Bank

#: Name or identifier of a bank to what else people call it: abbreviations, old names, spellings.
#: A host adds its own entries before the first request.
ALIASES: dict[str, tuple[str, ...]] = {
    # Saudi Arabia
    "Saudi National Bank": ("SNB", "NCB", "National Commercial Bank", "AlAhli", "Samba", "سامبا",
                            "الأهلي التجاري"),
    "Al Rajhi Bank": ("ARB",),
    "Riyad Bank": ("RB", "Riyadh"),
    "Saudi Awwal Bank": ("SAB", "SABB", "Saudi British Bank", "AlAwwal", "Saudi Hollandi", "ساب",
                         "السعودي البريطاني", "الهولندي"),
    "Banque Saudi Fransi": ("BSF", "Saudi French"),
    "Arab National Bank": ("ANB",),
    "Bank AlJazira": ("BAJ",),
    "Saudi Investment Bank": ("SAIB", "السايب"),
    "Gulf International Bank": ("GIB", "meem", "ميم"),
    "STC Bank": ("stc pay", "STCB", "اس تي سي باي"),
    "D360 Bank": ("دال 360", "دي 360"),
    "Vision Bank": ("فيجن",),
    "barq": ("برق",),
    # United Arab Emirates
    "Emirates NBD": ("ENBD", "NBD", "Emirates Bank International", "ان بي دي"),
    "First Abu Dhabi Bank": ("FAB", "NBAD", "FGB", "National Bank of Abu Dhabi", "First Gulf",
                             "فاب", "الخليج الأول", "أبوظبي الوطني"),
    "Abu Dhabi Commercial Bank": ("ADCB", "Union National", "الاتحاد الوطني"),
    "Abu Dhabi Islamic Bank": ("ADIB", "أديب"),
    "Dubai Islamic Bank": ("DIB", "Noor", "نور"),
    "Commercial Bank of Dubai": ("CBD",),
    "Commercial Bank International": ("CBI",),
    "Emirates Islamic": ("EIB",),
    "Mashreq": ("Mashreq Neo", "نيو"),
    "RAKBANK": ("NRAK", "National Bank of Ras Al Khaimah", "راك"),
    "National Bank of Ras Al Khaimah": ("RAKBANK", "راك"),
    "Sharjah Islamic Bank": ("SIB",),
    "National Bank of Fujairah": ("NBF",),
    "National Bank of Umm Al Quwain": ("NBQ", "UAQ"),
    "National Bank of Umm Al Qaiwain": ("NBQ", "UAQ", "Quwain"),
    "United Arab Bank": ("UAB",),
    "Al Maryah Community Bank": ("Mbank", "ام بنك"),
    "HSBC": ("اتش اس بي سي",),
    "Standard Chartered": ("SCB", "StanChart"),
    "Citibank": ("سيتي",),
}  # fmt: skip

_LETTERS = str.maketrans("ٱىةکی", "ايهكي")
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "by"})
_BANK_WORDS = frozenset({"bank", "banking", "corporation", "banque", "بنك", "مصرف"})
_GENERIC = _BANK_WORDS | _SMALL_WORDS | {"al", "el", "ال"}
_SAUDI = re.compile("^(saudi|ksa|سعودي).*")  # for which identifiers end in "sau"
_LONGEST_QUERY = 80

#: Spellings that sound alike, each with the one that stands for it: jazeera, riyadh, mashriq.
_ALIKE = ((re.compile("[ey]"), "i"), (re.compile("o"), "u"), (re.compile("[cq]"), "k"))
_DOUBLED = re.compile(r"(.)\1+")

EXACT, PREFIX, WORDS, INSIDE = range(4)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """*text* as it is compared: no case, marks or punctuation, one form of a letter or digit."""
    letters = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return " ".join("".join(map(_plain, letters)).split())


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Mn" or letter == "\N{ARABIC TATWEEL}":
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    return letter if kind[0] in "LN" else " "


def core(folded: str) -> str:
    """What tells one bank from others: no "bank", "of" or article, unless nothing else is left."""
    words = map(_without_article, folded.split())
    return " ".join(word for word in words if word not in _GENERIC) or folded


def _without_article(word: str) -> str:
    return word[2:] if len(word) > 4 and word.startswith(("al", "ال", "لل")) else word


def search_keys(bank: Bank, aliases: Mapping[str, tuple[str, ...]] = ALIASES) -> tuple[str, ...]:
    """Everything that finds *bank*, folded: names, initials, identifier, SWIFT code, aliases."""
    texts = (bank.name, bank.commercial_name, bank.arabic_name, bank.commercial_name_arabic)
    names = [fold(text) for text in texts if text]
    identifier = fold(bank.identifier)
    keys = [*names, _initials(names[0]), identifier, fold(bank.swift_code or "")]
    for known_as, others in aliases.items():
        target = fold(known_as)
        if target == identifier or any(_mentions(name, target) for name in names):
            keys += map(fold, others)
    return _without_repeats(filter(None, keys))


def _without_repeats(keys: Iterable[str]) -> tuple[str, ...]:
    """*keys* less those that find nothing more than the ones before them."""
    kept: dict[str, str] = {}
    for key in keys:
        kept.setdefault(core(key), key)
    return tuple(kept.values())


def _initials(name: str) -> str:
    words = [word for word in name.split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _mentions(name: str, other: str) -> bool:
    return f" {core(other)} " in f" {core(name)} "


def search(banks: Iterable[Bank], query: str) -> tuple[Bank, ...]:
    """The banks that *query* may mean, best first; all of them when it says nothing.

    An exact match comes first, then a prefix, the start of each word, and a part. Words of several
    names of one bank count only when there is none of these, and other spellings and slips of the
    finger only when there is none of those either.
    """
    banks = tuple(banks)
    wanted = _forms(fold(query[:_LONGEST_QUERY])[:_LONGEST_QUERY])
    if wanted == ("",):
        return banks
    return (
        _best_first(banks, wanted, _rank)
        or tuple(bank for bank in banks if _mixes_names(bank, wanted[-1]))
        or _best_first(banks, wanted, _slips)
    )


def _best_first(
    banks: tuple[Bank, ...], wanted: tuple[str, ...], judge: Callable[[str, str], int | None]
) -> tuple[Bank, ...]:
    found = []
    for bank in banks:
        ranks = [
            (rank, position)  # what was typed counts for more than the core of it
            for form in _forms_of(bank)
            for position, query in enumerate(wanted)
            if (rank := judge(form, query)) is not None
        ]
        best = min(ranks, default=None)
        if best is not None:
            found.append((best, bank))
    return tuple(bank for _, bank in sorted(found, key=lambda pair: pair[0]))


@lru_cache(maxsize=8192)
def _forms_of(bank: Bank) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for key in search_keys(bank) for form in _forms(key)))


def _forms(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((folded, core(folded))))


def _rank(form: str, query: str) -> int | None:
    joined, typed = form.replace(" ", ""), query.replace(" ", "")
    if joined == typed:
        return EXACT
    if joined.startswith(typed):
        return PREFIX
    if all(_has_word(form, part) for part in query.split()):
        return WORDS
    if len(typed) > 2 and query in form:
        return INSIDE
    return None


def _has_word(form: str, start: str) -> bool:
    return f" {start}" in f" {form}"


def _mixes_names(bank: Bank, query: str) -> bool:
    """Whether each word of *query* starts a word in some form of *bank*, or is its country."""
    parts = [_SAUDI.sub("sau", part) for part in query.split()]
    return all(any(_has_word(form, part) for form in _forms_of(bank)) for part in parts)


def _slips(form: str, query: str) -> int | None:
    """How many slips lie between *query* and a word's start in *form*; ``None`` is too many."""
    heard = _sound(query.replace(" ", ""))
    allowed = -1 if len(heard) < 3 else 0 if len(heard) < 4 else 1 if len(heard) < 8 else 2
    for slips in range(allowed + 1):
        if any(
            _begins(start, heard, slips) and not _is_generic(word, heard, slips)
            for word, start in zip(form.split(), _starts(form), strict=True)
        ):
            return slips
    return None


def _is_generic(word: str, heard: str, slips: int) -> bool:
    """Whether *heard* is no more than a generic *word* with slips, which would find every bank."""
    return word in _GENERIC and _begins(_sound(word), heard, slips)


@lru_cache(maxsize=65536)
def _starts(form: str) -> tuple[str, ...]:
    words = form.split()
    return tuple(_sound("".join(words[position:])) for position in range(len(words)))


def _sound(text: str) -> str:
    for spelling, sound in _ALIKE:
        text = spelling.sub(sound, text)
    return _DOUBLED.sub(r"\1", text)


def _begins(text: str, typed: str, slips: int) -> bool:
    """Whether *text* begins with *typed*, give or take *slips* letters or swapped pairs."""
    if len(typed) <= slips:
        return True
    if text[:1] == typed[0]:
        return _begins(text[1:], typed[1:], slips)
    if not slips:
        return False
    swapped = text[:2] == typed[1] + typed[0]
    return (
        _begins(text[1:], typed[1:], slips - 1)
        or _begins(text, typed[1:], slips - 1)
        or _begins(text[1:], typed, slips - 1)
        or (swapped and _begins(text[2:], typed[2:], slips - 1))
    )
