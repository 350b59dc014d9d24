"""What names of closed statuses mean: those that Redmine itself gives to new installations, in its languages."""

from __future__ import annotations

from trueup.facts.texts.words import not_done

#: What `Rejected` is called.
_REJECTED = frozenset(
    "abgewiesen|afgewezen|afvist|atmestas|avslagen|avvist|baztertua|ditolak|e hedhur tej|elutasított|hylätty|"
    "noraidīts|odbaceno|odbijen|odbijeno|odmietnutá|odmítnutý|odrzucony|rebutjat|rechazada|reddedildi|rejected|"
    "rejeitada|rejeitado|rejeté|respins|rexeitada|rifiutato|rədd etmə|tagasi lükatud|từ chối|zavrnjen|απορριπτέο|"
    "відмовлено|одбиена|одбијено|отклонена|отхвърлена|хүлээж аваагүй|נדחה|ردشده|مرفوض|நிராகரிக்கப்பட்டது|ยกเลิก|"
    "却下|已拒絕|已拒绝|거절".split("|")
)
#: What `Closed` and `Resolved` are called, and other words for work that is done.
_DONE = frozenset(
    "bağlanıb|cerrada|chiuso|closed|ditutup|e mbyllur|erledigt|fechada|fechado|fermé|gesloten|itxita|kapatıldı|"  # noqa: RUF001 - as it is written
    "lezárt|lukket|pechada|slēgts|stängd|suletud|suljettu|tancat|uzavretá|uzavřený|uždarytas|zaključen|zamknięty|"
    "zatvoren|zatvoreno|închis|đã đóng|κλειστό|закрыта|затворена|затворено|зачинено|хаагдсан|סגור|بسته|مغلق|"
    "மூடப்பட்டது|จบ|已关闭|已結束|終了|완료|"
    "atrisināts|avklart|e zgjidhur|ebatzita|gelöst|hyväksytty|həll edilib|išspręstas|lahendatud|löst|løst|megoldva|"
    "opgelost|resolt|resolta|resolved|resolvida|resolvido|resuelta|rezolvat|rešen|rešeno|riješen|riješeno|risolto|"
    "rozwiązany|résolu|vyriešená|vyřešený|çözüldü|đã được giải quyết|επιλυμένο|вирішено|приключена|разрешена|"
    "решена|решено|шийдвэрлэгдсэн|נפתר|الحل|حل‌شده|தீர்க்கப்பட்டது|ดำเนินการ|已解决|已解決|解決|해결|"
    "done|fixed|completed|complete|implemented|delivered|released|deployed|shipped|verified|finished".split(
        "|"
    )
)


def refused(status: str) -> str:
    """How an issue in a closed status of that name was refused; nothing where it was not.

    >>> refused("Abgewiesen"), refused("Cancelled"), refused("Closed")
    ('not_planned', 'not_planned', '')
    """
    name = status.strip().lower()
    return "not_planned" if name in _REJECTED else not_done(name)


def resolution_of(status: str) -> str:
    """What the name of a closed status says of the work: done, or how it was refused; nothing where it tells neither.

    >>> resolution_of("Gelöst"), resolution_of("Rejected"), resolution_of("Archived")
    ('done', 'not_planned', '')
    """
    return "done" if status.strip().lower() in _DONE else refused(status)
