from copy import deepcopy
from typing import Any
NAMES = ["RJHI","SNB","RIYAD","SAB","BSF","ANB","ALINMA","ALBILAD","ALJAZIRA","SAIB","GIB","STCBANK","D360","VISION"]
def one(i: str) -> dict[str, Any]:
    return {"identifier": i+"_SAU","name": {"RJHI":"Al Rajhi Bank"}.get(i,i.title()+" Bank"),"arabic_name":{"RJHI":"مصرف الراجحي"}.get(i),"logo":"","logo_alt":"","main_color":"#16ad98","background_color":"#ffffff","theme":"dark","country_code":"SAU","active":True,"mock":False,"traits":[],"supported_account_types":["CURRENT"],"account_type":"PERSONAL","connection_type":"OPEN_BANKING","transfer_limits":[{"currency":"SAR","min":10,"max":100000}],"international_transfer_limits":[],"international_destinations":[],"availability":{"active":{"data":True,"payments":True},"enabled":{"data":i!="GIB","payments":i!="GIB"}}}
def load_banks(country: str, origin: str) -> list[dict[str, Any]]:
    return [one(i) for i in NAMES] + [one("RJHI_BUSINESS")|{"account_type":"BUSINESS"}, one("LEANMB1")|{"mock":True}]
def matching(banks: list[dict[str, Any]], a: list[str], c: list[str], t: list[str]) -> list[dict[str, Any]]:
    return [b for b in banks if b.get("account_type","PERSONAL") in a]
