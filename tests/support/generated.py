"""Made-up inputs: anything that JSON or a query can hold, and valid things with a part spoilt."""

from hypothesis import strategies as st

letters = st.characters() | st.sampled_from("\ud800\udfff\u202e\u2066\u0000\n\r\x7f\u2028ﷺا٣é<")
text = st.text(letters, max_size=20)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**63])
scalars = st.none() | st.booleans() | numbers | text

anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)

_ADDRESS = "https:// http:// // / lean.example localhost [ ] : 99999 @ ? # \\ javascript: ; ::1 %"
addresses = st.lists(
    st.sampled_from([*_ADDRESS.split(), " ", "\n", "ا", "\x00"]), min_size=1, max_size=5
).map("".join)

_DECIMALS = "1e999999999 -1e999999999 1e-999999999 9e20 NaN sNaN Infinity -0 1_0 ٣ 1e5000"
decimals = st.sampled_from(_DECIMALS.split()) | st.decimals().map(str)

awkward = anything | addresses | decimals | text


def spoilt(valid):
    """*valid* with one part at some depth replaced, left out or added."""
    if isinstance(valid, dict):
        named = st.sampled_from(sorted(valid)) if valid else st.nothing()
        return (
            st.builds(lambda name, new: valid | {name: new}, text, awkward)
            | named.map(lambda name: {key: valid[key] for key in valid if key != name})
            | named.flatmap(lambda name: spoilt(valid[name]).map(lambda new: valid | {name: new}))
        )
    if isinstance(valid, list) and valid:
        first, *others = valid
        return awkward | spoilt(first).map(lambda new: [new, *others])
    return awkward
