"""The words of leads and cases: what their fixed vocabularies are called, on pages, in forms and in the timeline.

The grounds are those of the law, in its own words: 市场监督管理行政处罚程序规定 第二十、四十六、六十、八十二条.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text

SOURCES: Mapping[str, Text] = {
    "inspection": Text("监督检查", "inspection"),
    "complaint": Text("投诉", "complaint"),
    "report": Text("举报", "report"),
    "transfer": Text("其他部门移送", "transferred by another authority"),
    "superior": Text("上级交办", "assigned by the superior"),
    "sampling": Text("监督抽查不合格", "failed supervision sampling"),
    "public-opinion": Text("舆情", "public opinion"),
    "alert": Text("系统预警", "alert of the system"),
}
#: What an authority does about an alert.
ALERT_STEPS: Mapping[str, Text] = {
    "assigned": Text("交办", "assign"),
    "dismissed": Text("排除", "dismiss"),
    "reopened": Text("重新打开", "reopen"),
}
#: Rows 5 to 7 of the monthly form.
CATEGORIES: Mapping[str, Text] = {
    "counterfeit": Text("制假售假", "making or selling counterfeits"),
    "unlicensed": Text("无证无照", "without certificate or licence"),
    "quality": Text("产品质量问题", "quality of products"),
}
LEAD_REASONS: Mapping[str, Text] = {
    "minor": Text("轻微并及时改正，没有危害后果", "minor, put right at once, no harm"),
    "first-time": Text("初次违法，危害后果轻微并及时改正", "a first offence, little harm, put right at once"),
    "no-fault": Text("有证据证明没有主观过错", "proof that there was no fault"),
    "other": Text("依法可以不予立案的其他情形", "another ground in law not to file"),
}
SUSPENSIONS: Mapping[str, Text] = {
    "other-proceedings": Text(
        "须以相关案件的裁判或其他行政决定为依据", "another court or authority must decide first"
    ),
    "question-of-law": Text(
        "法律适用须送有权机关解释或确认", "a question of law is with the competent organ"
    ),
    "force-majeure": Text("不可抗力，暂时无法调查", "force majeure"),
    "party-missing": Text("当事人下落不明，暂时无法调查", "the party cannot be found"),
    "other": Text("其他应当中止调查的情形", "another ground to suspend"),
}
OUTCOMES: Mapping[str, Text] = {
    "penalty": Text("给予行政处罚", "a penalty is imposed"),
    "no-penalty": Text("不予行政处罚", "no penalty, by law"),
    "not-established": Text("违法事实不能成立，不予处罚", "the offence is not established, no penalty"),
}
PENALTIES: Mapping[str, Text] = {
    "warning": Text("警告", "warning"),
    "criticism": Text("通报批评", "public criticism"),
    "fine": Text("罚款", "fine"),
    "gains": Text("没收违法所得", "confiscation of gains"),
    "goods": Text("没收非法财物", "confiscation of goods"),
    "suspension": Text("责令停产停业", "suspension of business"),
    "licence-revoked": Text("吊销许可证件", "revocation of a licence"),
    "other": Text("其他", "other"),
}
SERVICES: Mapping[str, Text] = {
    "direct": Text("直接送达", "by hand"),
    "left": Text("留置送达", "left at the place"),
    "post": Text("邮寄送达", "by post"),
    "electronic": Text("电子送达", "electronically"),
    "entrusted": Text("委托、转交送达", "through another authority"),
    "announcement": Text("公告送达", "by announcement"),
}
