"""Other names of banks: abbreviations, former names, other spellings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .words import fold, strip_generic_words

#: Pairs of a bank's name or identifier and its other names. Hashable, as a cache key must be.
Aliases = tuple[tuple[str, tuple[str, ...]], ...]

#: A host adds its own in the setting ``LEAN_BANK_ALIASES``.
BUILT_IN_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType({
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
})  # fmt: skip


def aliases_of(identifier: str, folded_names: list[str], aliases: Aliases) -> list[str]:
    """Return the other names of a bank, folded: the built-in ones, then those in *aliases*.

    :param folded_names: its own names.
    """
    folded_identifier = fold(identifier)
    return [
        fold(other)
        for known_as, others in (*BUILT_IN_ALIASES.items(), *aliases)
        if _means(fold(known_as), folded_identifier, folded_names)
        for other in others
    ]


def _means(known_as: str, identifier: str, names: list[str]) -> bool:
    return known_as == identifier or any(
        f" {strip_generic_words(known_as)} " in f" {strip_generic_words(name)} " for name in names
    )
