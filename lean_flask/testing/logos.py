def logo_svg(name: str, kind: str, banks: object) -> str:
    return "<svg xmlns='http://www.w3.org/2000/svg'/>"
