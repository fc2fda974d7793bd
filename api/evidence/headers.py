"""Headers that make a browser show or save evidence and do nothing else with it."""

from urllib.parse import quote

from api.evidence import names

COPY_TYPE = "image/jpeg"
_UNSAFE_IN_QUOTES = '"\\%'


def SERVE_HEADERS(media_type: str, name: str, *, original: bool) -> dict[str, str]:
    """Headers for the sealed original (saved under its name, RFC 6266) or for the re-encoded copy (shown in place)."""
    visible = names.shown(name)
    if not original:
        visible = (visible.rpartition(".")[0] or visible) + ".jpg"
    return {
        "Content-Type": media_type if original else COPY_TYPE,
        "Content-Disposition": _disposition("attachment" if original else "inline", visible),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def _disposition(manner: str, name: str) -> str:
    plain = "".join(c if " " <= c <= "~" and c not in _UNSAFE_IN_QUOTES else "_" for c in name)
    return f"{manner}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
