"""Words that say that things are done one after another, in languages other than English.

逐个获取订单                  one by one
Запросы идут по очереди     in turn
une commande à la fois      one at a time
"""

# Languages without spaces around their words, or with endings that grow on them.
_EAST = (
    "逐一|逐个|逐個|逐条|逐條|一个一个|一個一個|一个接一个|一個接一個|依次|按顺序|按順序|依顺序|依序|顺序执行|順序執行|串行|"
    "順番に|順次|逐次|一つずつ|ひとつずつ|1つずつ|1件ずつ|하나씩|순서대로|차례로|차례대로|순차적으로"
)
_RUSSIAN = "последовательно|по очереди|по одному|по одной|один за другим|одну за другой"
_ROMANCE = (
    "séquentiel(?:le)?(?:ment)?|un par un|une par une|l'une? après l'autre|une? (?:\\w+ )?à la fois|"
    "secuencial(?:mente)?|uno por uno|una por una|uno tras otro|una tras otra|uno a uno|una a una|un[oa] a la vez|"
    "sequencial(?:mente)?|um por um|uma por uma|um a um|uma a uma|um[a]? de cada vez|um[a]? por vez|"
    "sequenzialmente|uno alla volta|una alla volta|uno dopo l'altro"
)
_GERMAN = (
    "nacheinander|hintereinander|der reihe nach|sequen[tz]iell|eine[rs]? nach de[mr] anderen|eins nach dem anderen"
)

ELSEWHERE = rf"(?:{_EAST})|\b(?:{_RUSSIAN}|{_ROMANCE}|{_GERMAN})\b"
