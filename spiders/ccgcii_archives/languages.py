"""Language codes: ISO 639-3 (or GDELT's own) to ISO 639-1."""

from __future__ import annotations

# The languages of GDELT Translingual (its list of 2015, 65 languages).
_SHORT = {
    "afr": "af", "sqi": "sq", "ara": "ar", "hye": "hy", "aze": "az", "eus": "eu", "ben": "bn",
    "bos": "bs", "bul": "bg", "cat": "ca", "zho": "zh", "hrv": "hr", "ces": "cs", "dan": "da",
    "nld": "nl", "eng": "en", "est": "et", "fin": "fi", "fra": "fr", "glg": "gl", "kat": "ka",
    "deu": "de", "ell": "el", "guj": "gu", "heb": "he", "hin": "hi", "hun": "hu", "isl": "is",
    "ind": "id", "ita": "it", "jpn": "ja", "kan": "kn", "kaz": "kk", "kor": "ko", "lav": "lv",
    "lit": "lt", "mkd": "mk", "msa": "ms", "mal": "ml", "mar": "mr", "mon": "mn", "nep": "ne",
    "nor": "no", "nno": "nn", "nob": "no", "pan": "pa", "fas": "fa", "pol": "pl", "por": "pt",
    "ron": "ro", "rus": "ru", "srp": "sr", "sin": "si", "slk": "sk", "slv": "sl", "som": "so",
    "spa": "es", "swa": "sw", "swe": "sv", "tgl": "tl", "tam": "ta", "tel": "te", "tha": "th",
    "tur": "tr", "ukr": "uk", "urd": "ur", "uzb": "uz", "vie": "vi",
}  # fmt: skip


def short_code(code: str) -> str | None:
    """Return the ISO 639-1 code of a three-letter code, None if it is not known."""
    return _SHORT.get(code.strip().lower())


_NAMES = {
    "english": "en", "chinese": "zh", "spanish": "es", "french": "fr", "german": "de",
    "russian": "ru", "arabic": "ar", "portuguese": "pt", "japanese": "ja", "korean": "ko",
    "italian": "it", "indonesian": "id", "turkish": "tr", "vietnamese": "vi", "dutch": "nl",
    "polish": "pl", "persian": "fa", "hindi": "hi", "urdu": "ur", "thai": "th", "greek": "el",
    "romanian": "ro", "ukrainian": "uk", "czech": "cs", "hungarian": "hu", "swedish": "sv",
    "bengali": "bn", "hebrew": "he", "malay": "ms", "bulgarian": "bg", "serbian": "sr",
    "danish": "da", "finnish": "fi", "norwegian": "no", "croatian": "hr", "slovak": "sk",
}  # fmt: skip


def code_of_name(name: str) -> str | None:
    """Return the ISO 639-1 code of a language's English name, None if it is not known."""
    return _NAMES.get(name.strip().lower())
