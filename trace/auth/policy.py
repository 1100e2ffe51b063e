"""The policy: which role may do what, and how far that reaches. The table below is the whole of it.

Organisations record and see their own, regulators their jurisdiction, and the operator 运维 keeps the machine:
it registers and assists, but states no fact of trade and opens no foreign payload or attachment (prices stand
there). An auditor sees as far and opens none at all. Who has no letter in a row may not, whatever a key or a page says; keys only ever take away.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from functools import cache

from ..errors import InputError, Text, shown


class Role(StrEnum):
    """What an account is. A role is one line here, one in `ROLES` and one column of the table."""

    OPERATOR = "operator"
    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"
    CONTRACTOR = "contractor"
    OWNER = "owner"
    SUPERVISOR = "supervisor"
    LABORATORY = "laboratory"
    REGULATOR = "regulator"
    DEPARTMENT = "department"
    KEY_USER = "key-user"
    CERTIFIER = "certifier"
    ASSOCIATION = "association"
    CLERK = "clerk"
    WITNESS = "witness"
    AUDITOR = "auditor"
    PUBLIC = "public"


ROLES: Mapping[Role, Text] = {
    Role.OPERATOR: Text("运维", "operator"),
    Role.MANUFACTURER: Text("生产企业", "manufacturer"),
    Role.DISTRIBUTOR: Text("经营企业", "distributor"),
    Role.CONTRACTOR: Text("施工单位", "contractor"),
    Role.OWNER: Text("建设/使用单位", "owner or user"),
    Role.SUPERVISOR: Text("监理单位", "construction supervisor"),
    Role.LABORATORY: Text("检测机构", "laboratory"),
    Role.REGULATOR: Text("市场监管部门", "market regulator"),
    Role.DEPARTMENT: Text("相关部门", "department"),
    Role.KEY_USER: Text("重点用户", "key user"),
    Role.CERTIFIER: Text("认证机构", "certification body"),
    Role.ASSOCIATION: Text("行业协会", "association"),
    Role.CLERK: Text("12315 受理员", "12315 clerk"),
    Role.WITNESS: Text("见证方", "witness"),
    Role.AUDITOR: Text("审计", "auditor"),
    Role.PUBLIC: Text("公众", "public"),
}


class Reach(IntEnum):
    """How far an action goes; each reach includes those before it."""

    NONE = 0
    GRANTED = 1
    OWN = 2
    JURISDICTION = 3
    EVERYTHING = 4


class Action(StrEnum):
    """What can be asked for: ``record:<kind of event>``, and what is read or managed."""

    RECORD_PARTY = "record:party"
    RECORD_CERTIFICATE = "record:certificate"
    RECORD_PRODUCT = "record:product"
    RECORD_PROJECT = "record:project"
    RECORD_KEY = "record:key"
    RECORD_GRANT = "record:grant"
    RECORD_CALENDAR = "record:calendar"
    RECORD_ORDER = "record:order"
    RECORD_RESERVATION = "record:reservation"
    RECORD_PRODUCTION = "record:production"
    RECORD_LABELLING = "record:labelling"
    RECORD_TESTING = "record:testing"
    RECORD_DISPATCH = "record:dispatch"
    RECORD_RECEIPT = "record:receipt"
    RECORD_ACCEPTANCE = "record:acceptance"
    RECORD_SUPERVISION = "record:supervision"
    RECORD_USE = "record:use"
    RECORD_SAMPLING = "record:sampling"
    RECORD_SPLIT = "record:split"
    RECORD_RETURN = "record:return"
    RECORD_DISPOSAL = "record:disposal"
    RECORD_SALE = "record:sale"
    RECORD_INSPECTION = "record:inspection"
    RECORD_VISIT_PLAN = "record:visit-plan"
    RECORD_SAMPLING_PLAN = "record:sampling-plan"
    RECORD_SAMPLING_DRAW = "record:sampling-draw"
    RECORD_SAMPLE_STEP = "record:sample-step"
    RECORD_RECTIFICATION = "record:rectification"
    RECORD_TECHNICAL_HELP = "record:technical-help"
    RECORD_CREDIT_CLASS = "record:credit-class"
    RECORD_MEASURE = "record:measure"
    RECORD_RECALL = "record:recall"
    RECORD_NOTICE = "record:notice"
    RECORD_NOTICE_REPLY = "record:notice-reply"
    RECORD_COMPLAINT = "record:complaint"
    RECORD_REPORT = "record:report"
    RECORD_ALERT = "record:alert"
    RECORD_ALERT_FINDING = "record:alert-finding"
    RECORD_ALERT_STEP = "record:alert-step"
    RECORD_LEAD = "record:lead"
    RECORD_LEAD_STEP = "record:lead-step"
    RECORD_CASE = "record:case"
    RECORD_CASE_STEP = "record:case-step"
    RECORD_REQUEST = "record:request"
    RECORD_REQUEST_STEP = "record:request-step"
    RECORD_MONTHLY_FORM = "record:monthly-form"
    RECORD_PROGRAMME = "record:programme"
    RECORD_PROGRAMME_STEP = "record:programme-step"
    RECORD_SELF_CHECK = "record:self-check"
    RECORD_COMMITMENT = "record:commitment"
    RECORD_LISTING = "record:listing"
    RECORD_LISTING_STEP = "record:listing-step"
    RECORD_DISCIPLINE = "record:discipline"
    RECORD_DISCIPLINE_STEP = "record:discipline-step"
    RECORD_CONFIRMATION = "record:confirmation"
    RECORD_ALIAS = "record:alias"
    RECORD_CORRECTION = "record:correction"
    RECORD_ERASURE = "record:erasure"
    RECORD_READ = "record:read"
    RECORD_STATEMENT = "record:statement"
    IMPORT = "import"
    PUT_BLOB = "put:blob"
    PRINT_LABELS = "print:labels"
    READ_BATCH = "read:batch"
    READ_TRACE = "read:trace"
    READ_SEARCH = "read:search"
    READ_REGISTRY = "read:registry"
    READ_PROJECT = "read:project"
    READ_PAYLOAD = "read:payload"
    READ_STOCK = "read:stock"
    READ_ORDERS = "read:orders"
    READ_PERSONS = "read:persons"
    READ_BLOB = "read:blob"
    READ_ALERTS = "read:alerts"
    READ_SUBMISSIONS = "read:submissions"
    READ_READINGS = "read:reads"
    READ_CASES = "read:cases"
    READ_DEFECTS = "read:defects"
    READ_SAMPLES = "read:samples"
    READ_LEDGER = "read:ledger"
    CHECK_CODE = "check:code"
    CREATE_KEYS = "keys:create"
    MANAGE_UNITS = "manage:units"
    READ_ACCOUNTS = "read:accounts"
    MANAGE_ACCOUNTS = "manage:accounts"
    READ_METRICS = "read:metrics"


# Columns, in the order of `Role`: operator, manufacturer, distributor, contractor, owner, supervisor,
# laboratory, regulator, department, key user, certifier, association, clerk, witness, auditor, public. Letters:
#
#   .  not at all
#   G  代录: only for another party whose grant on the ledger names this kind of event
#   A  own, for an account that administers its organisation; the others of the role may not
#   O  own: what the account's own party states or takes part in; to record, also G
#   J  jurisdiction: also what was made, is, was or goes within the account's region; a *record* that names a
#      region must name one inside it, and what is said of an event, a batch or a party must concern one inside it
#      (rule `outside-jurisdiction`)
#   E  everything
#
# What one authority grants another to read (`READ_IF_GRANTED`) comes on top of O and J, and is looked up on the ledger
# for `AUTHORITIES` alone; each such reading is itself an event (`http.across`).
#
# `record:alert` is nobody's: the machine itself enters what its rules find in the checks of codes (`app.suspecting`).
#
# Leads and cases are seen by the authority whose they are and by its tree of units: neither the operator nor the auditor reads what an
# authority prepares, and no other region's authority does (`queries.cases`).
#
# What one party says about another (a buyer that it names) is its own statement and stays "named by" it.
# A manufacturer never enters for a supervisor or for the site; nobody lends `key` or `grant` (`NEVER_LENT`).
#
# Who takes no part in the trade:
#
#   department   住建, 工信: projects and batches in its region, so that it knows where its own building sites stand, and
#                notices, which it answers; no tracing, alerts, prices or persons: offences are the market regulator's
#   key user     a grid company: its own projects and what came to them, notices, replies. Goods in and out are
#                recorded by an account of the role owner; this one watches and answers
#   certifier    registers, suspends, withdraws and resumes the certificates that it issued; its own are also the batches made
#                under these, as far as they are facts about the goods, with the alerts about them: no buyer, no metres
#   association  the register, notices sent to it; nothing of the trade, its members compete with each other
#   clerk        takes complaints and reports of its region down and reads those of it; of batches what anybody gets by
#                checking a code, and those that its own records name: where goods went is not its to know
#   witness      the public log, and a key of its own: it must need no trust, so it gets none
#   auditor      everything that is evidence, of everybody, accounts and metrics too; no payload, attachment, name or
#                complaint (prices and personal data stand there); records nothing and lets nobody in
# fmt: off
_TABLE: tuple[tuple[Action, str, Text], ...] = (
    # registry                   OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU
    (Action.RECORD_PARTY,       "E  O  O  O  O  O  O  J  O  O  O  O  .  .  .  .", Text("参与方备案", "register a party")),
    (Action.RECORD_CERTIFICATE, "E  O  .  .  .  .  .  J  .  .  O  .  .  .  .  .", Text("证书备案", "register a certificate")),
    (Action.RECORD_PRODUCT,     "E  O  .  .  .  .  .  G  .  .  .  .  .  .  .  .", Text("产品备案", "register a product")),
    (Action.RECORD_PROJECT,     "E  .  .  O  O  O  .  J  .  O  .  .  .  .  .  .", Text("项目备案", "register a project")),
    (Action.RECORD_KEY,         "E  O  O  O  O  O  O  O  O  O  O  O  O  O  .  .", Text("签名公钥备案", "register a signing key")),
    (Action.RECORD_GRANT,       "E  O  O  O  O  O  O  O  .  O  .  .  .  .  .  .", Text("授权代录或查阅", "let another party enter or read")),
    (Action.RECORD_CALENDAR,    "E  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("登记放假安排", "record the days off of a year")),
    # the life of a batch        OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU
    (Action.RECORD_ORDER,       ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("订单", "record an order")),
    (Action.RECORD_RESERVATION, ".  O  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("预留追溯码", "reserve trace codes")),
    (Action.RECORD_PRODUCTION,  ".  O  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("生产", "record production")),
    (Action.RECORD_LABELLING,   ".  O  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("登记标签打印", "record that labels are printed")),
    (Action.RECORD_TESTING,     ".  O  .  .  O  .  O  J  .  .  .  .  .  .  .  .", Text("检测", "record a test report")),
    (Action.RECORD_DISPATCH,    ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("发货", "record a dispatch")),
    (Action.RECORD_RECEIPT,     ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("收货", "record a receipt")),
    (Action.RECORD_ACCEPTANCE,  ".  .  .  O  O  G  .  .  .  .  .  .  .  .  .  .", Text("验收", "record an acceptance")),
    (Action.RECORD_SUPERVISION, ".  .  .  G  G  O  .  .  .  .  .  .  .  .  .  .", Text("监理意见", "record a supervisor's opinion")),
    (Action.RECORD_USE,         ".  .  .  O  O  G  .  .  .  .  .  .  .  .  .  .", Text("使用", "record a use")),
    (Action.RECORD_SAMPLING,    ".  .  .  O  O  O  O  J  .  .  .  .  .  .  .  .", Text("抽样", "record a sampling")),
    (Action.RECORD_SPLIT,       ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("分切", "record a split")),
    (Action.RECORD_RETURN,      ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("退货", "record a return")),
    (Action.RECORD_DISPOSAL,    ".  O  O  O  O  .  .  J  .  .  .  .  .  .  .  .", Text("报废", "record a disposal")),
    (Action.RECORD_SALE,        ".  O  O  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("零售", "record a sale")),
    # authorities, the public    OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU
    (Action.RECORD_INSPECTION,  ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("检查", "record an inspection")),
    (Action.RECORD_VISIT_PLAN,  ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("检查计划", "plan a visit")),
    (Action.RECORD_SAMPLING_PLAN,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("抽查方案", "plan a sampling")),
    (Action.RECORD_SAMPLING_DRAW,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("随机抽取", "draw at random")),
    (Action.RECORD_SAMPLE_STEP, ".  O  O  O  O  O  O  J  .  O  .  .  .  .  .  .", Text("样品流转", "record a step of a sample")),
    (Action.RECORD_RECTIFICATION,".  O  O  O  O  O  .  J  .  O  .  .  .  .  .  .", Text("整改与复查", "put right what an inspection found, and re-check")),
    (Action.RECORD_TECHNICAL_HELP,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("技术帮扶", "record technical help")),
    (Action.RECORD_CREDIT_CLASS,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("信用风险分类", "record an official credit class")),
    (Action.RECORD_MEASURE,     ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("强制措施", "take a legal measure")),
    (Action.RECORD_RECALL,      ".  O  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("召回", "recall goods")),
    (Action.RECORD_NOTICE,      ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("通报", "send a notice")),
    (Action.RECORD_NOTICE_REPLY,".  O  O  O  O  O  O  J  O  O  O  O  .  .  .  .", Text("处置反馈", "answer a notice")),
    (Action.RECORD_COMPLAINT,   ".  .  .  .  .  .  .  J  .  .  .  .  J  .  .  O", Text("投诉", "complain")),
    (Action.RECORD_REPORT,      ".  O  O  O  O  O  O  J  O  O  O  O  J  .  .  O", Text("举报", "report an offence")),
    (Action.RECORD_ALERT,       ".  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("登记查验预警", "record an alert from checks")),
    (Action.RECORD_ALERT_FINDING,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("核查预警", "confirm or dismiss an alert")),
    (Action.RECORD_ALERT_STEP,  ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理预警", "assign or dismiss an alert")),
    (Action.RECORD_LEAD,        ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("登记线索", "record a lead")),
    (Action.RECORD_LEAD_STEP,   ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理线索", "record a step of a lead")),
    (Action.RECORD_CASE,        ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("立案", "file a case")),
    (Action.RECORD_CASE_STEP,   ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理案件", "record a step of a case")),
    (Action.RECORD_REQUEST,     ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("发出协查请求", "send a request to another authority")),
    (Action.RECORD_REQUEST_STEP,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理协查", "record a step of a request")),
    (Action.RECORD_MONTHLY_FORM,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("报送月报", "submit a monthly form")),
    (Action.RECORD_PROGRAMME,   ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("部署专项行动", "run a programme")),
    (Action.RECORD_PROGRAMME_STEP,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("报告专项行动", "report of a programme")),
    (Action.RECORD_SELF_CHECK,  ".  O  O  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("自查", "record a self-check")),
    (Action.RECORD_COMMITMENT,  ".  O  O  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("质量承诺", "record a quality commitment")),
    (Action.RECORD_LISTING,     ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("挂牌督办", "list for supervision")),
    (Action.RECORD_LISTING_STEP,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理挂牌督办", "record a step of listed supervision")),
    (Action.RECORD_DISCIPLINE,  ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("移送行纪线索", "transfer a clue about an official")),
    (Action.RECORD_DISCIPLINE_STEP,".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("办理行纪线索", "record a step of a clue about an official")),
    (Action.RECORD_CONFIRMATION,"E  O  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("确认", "confirm")),
    (Action.RECORD_ALIAS,       "E  O  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("登记同一标识", "register another code")),
    (Action.RECORD_CORRECTION,  "O  O  O  O  O  O  O  J  O  O  O  O  O  O  .  .", Text("更正", "correct an event")),
    (Action.RECORD_ERASURE,     "E  O  O  O  O  O  O  J  O  O  O  O  O  O  .  .", Text("删除个人信息", "erase personal data")),
    (Action.RECORD_READ,        ".  .  .  .  .  .  .  J  J  .  .  .  .  .  .  .", Text("跨区查阅", "read across regions")),
    (Action.RECORD_STATEMENT,   ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("提取证据", "take evidence")),
    # bringing in                OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU   each row of a file also needs its record:…
    (Action.IMPORT,             "E  O  O  O  O  O  O  O  .  .  .  .  .  .  .  .", Text("导入表格", "import a spreadsheet")),
    (Action.PUT_BLOB,           "E  O  O  O  O  O  O  O  O  O  O  O  O  .  .  .", Text("上传附件", "upload an attachment")),
    (Action.PRINT_LABELS,       ".  O  .  .  .  .  .  .  .  .  .  .  .  .  .  .", Text("打印追溯码标签", "print trace code labels")),
    # reading                    OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU
    (Action.READ_BATCH,         "E  O  O  O  O  O  O  J  J  O  O  O  O  .  E  .", Text("查看批次", "see a batch")),
    (Action.READ_TRACE,         "E  O  O  O  O  O  O  J  .  O  .  .  .  .  E  .", Text("追溯流向", "trace where it went")),
    (Action.READ_SEARCH,        "E  O  O  O  O  O  O  J  J  O  O  .  .  .  E  .", Text("搜索", "search")),
    (Action.READ_REGISTRY,      "E  E  E  E  E  E  E  E  E  E  E  E  E  .  E  .", Text("查询企业、产品、证书", "look up parties, products, certificates")),
    (Action.READ_PROJECT,       "E  O  O  O  O  O  O  J  J  O  .  .  .  .  E  .", Text("查看项目", "see a project")),
    (Action.READ_PAYLOAD,       "O  O  O  O  O  O  O  J  O  O  O  O  O  .  .  .", Text("查看事件原文", "see an event's full text")),
    (Action.READ_STOCK,         ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("查看本单位库存", "see the own stock")),
    (Action.READ_ORDERS,        ".  O  O  O  O  .  .  .  .  .  .  .  .  .  .  .", Text("查看本单位订单", "see the own orders")),
    (Action.READ_PERSONS,       ".  O  O  O  O  O  O  J  .  O  .  .  .  .  .  .", Text("按姓名查责任人", "look up responsible persons")),
    (Action.READ_BLOB,          "O  O  O  O  O  O  O  J  O  O  O  O  O  .  .  .", Text("查看附件", "see an attachment")),
    (Action.READ_ALERTS,        "E  O  O  O  O  O  O  J  .  O  O  .  .  .  E  .", Text("查看预警", "see alerts")),
    (Action.READ_SUBMISSIONS,   ".  .  .  .  .  .  .  J  .  .  .  .  J  .  .  .", Text("查看投诉举报", "see complaints and reports")),
    (Action.READ_READINGS,      "E  .  .  .  .  .  .  J  .  .  .  .  .  .  E  .", Text("查看跨区查阅记录", "see who read across regions")),
    (Action.READ_CASES,         ".  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("查看线索、案件和计划", "see leads, cases and planned visits")),
    (Action.READ_DEFECTS,       ".  O  O  O  O  O  .  J  .  O  .  .  .  .  E  .", Text("查看排查台账", "see problems that inspections found")),
    (Action.READ_SAMPLES,       ".  O  O  O  O  O  O  J  .  O  .  .  .  .  E  .", Text("查看样品", "see samples")),
    (Action.READ_LEDGER,        "E  E  E  E  E  E  E  E  E  E  E  E  E  E  E  E", Text("查阅公开账本", "read the public log")),
    (Action.CHECK_CODE,         "E  E  E  E  E  E  E  E  E  E  E  E  E  E  E  E", Text("查验追溯码", "check a trace code")),
    # running it                 OP MA DI CO OW SU LA RE DE KU CE AS CL WI AU PU
    (Action.CREATE_KEYS,        "O  O  O  O  O  O  O  O  O  O  O  O  O  O  O  .", Text("管理 API 密钥", "manage API keys")),
    (Action.MANAGE_UNITS,       "E  .  .  .  .  .  .  J  .  .  .  .  .  .  .  .", Text("管理内设机构", "manage the own units")),
    (Action.READ_ACCOUNTS,      "E  A  A  A  A  A  A  A  A  A  A  A  A  A  E  .", Text("查看账号", "see accounts")),
    (Action.MANAGE_ACCOUNTS,    "E  A  A  A  A  A  A  A  A  A  A  A  A  A  .  .", Text("管理账号", "manage accounts")),
    (Action.READ_METRICS,       "E  .  .  .  .  .  .  .  .  .  .  .  .  .  E  .", Text("查看运行指标", "read metrics")),
)
# fmt: on

#: What one party cannot let another enter for it: a lent right could otherwise lend itself on, or sign; and what named accounts alone know of.
NEVER_LENT: frozenset[str] = frozenset({"grant", "key", "discipline", "discipline-step"})

#: What another authority's grant opens: a batch, goods or a project with their events, and that they are found. Lists of
#: what is the reader's own (desk, complaints, persons) hold nothing granted.
READ_IF_GRANTED: frozenset[Action] = frozenset(
    {
        Action.READ_BATCH,
        Action.READ_TRACE,
        Action.READ_SEARCH,
        Action.READ_PROJECT,
        Action.READ_PAYLOAD,
        Action.READ_BLOB,
        Action.READ_ALERTS,
    }
)
#: Whose place in the tree of units, and whose grants of reading, the ledger is asked for.
AUTHORITIES: frozenset[Role] = frozenset({Role.REGULATOR, Role.DEPARTMENT})

#: Of whom the ledger is asked, with each request, what they may see: an authority's place and grants, and what a
#: certification body has issued.
SEES_BY_THE_LEDGER: frozenset[Role] = AUTHORITIES | {Role.CERTIFIER}

#: What no API key may do, whoever holds it: a stolen key must not make another that outlives it.
NEVER_BY_KEY: frozenset[Action] = frozenset(
    {Action.CREATE_KEYS, Action.READ_ACCOUNTS, Action.MANAGE_ACCOUNTS}
)

#: Whose accounts have a jurisdiction.
WITH_JURISDICTION: frozenset[Role] = frozenset({Role.REGULATOR, Role.DEPARTMENT, Role.CLERK})

ACTIONS: Mapping[Action, Text] = {action: text for action, _, text in _TABLE}

_LETTERS: Mapping[str, Reach] = dict(zip(".GOJE", Reach, strict=True))
_OF_ADMINISTRATORS: frozenset[tuple[Role, Action]] = frozenset(
    (role, action)
    for action, letters, _ in _TABLE
    for role, letter in zip(Role, letters.split(), strict=True)
    if letter == "A"
)
_REACH: Mapping[tuple[Role, Action], Reach] = {
    (role, action): _LETTERS.get(letter, Reach.NONE)
    for action, letters, _ in _TABLE
    for role, letter in zip(Role, letters.split(), strict=True)
}


def may(role: Role, action: Action, *, administers: bool = False) -> Reach:
    """How far the role's right to this action goes; `Reach.NONE` is false. ``administers``: as the account does."""
    if administers and (role, action) in _OF_ADMINISTRATORS:
        return Reach.OWN
    return _REACH[role, action]


@cache  # asked several times about every event
def recording(kind: str) -> Action:
    """The action of recording this kind of event. Raises InputError ``unknown-kind``."""
    try:
        return Action(f"record:{kind}")
    except ValueError:
        raise InputError.of(
            "unknown-kind",
            f"没有「{shown(kind)}」这种事件",
            f"there is no kind of event {shown(kind)!r}",
            came=kind,
            where="/kind",
        ) from None
