"""The law of the ledger: one drum from its making to its recall, and a rewritten copy convicted by a witness.

Everything is said over HTTP to `cabletrace serve` by parties with keys of their own, and a witness cosigns in a
process of its own. Each step is printed with who said what, its index and marks, the metres by place, and its proof,
which is checked here against the ledger's own verifier key. At the end an administrator who holds the signing key and
the database writes history anew: the copy verifies clean by itself, and the witness and a saved checkpoint convict it.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from telling.district import MAKER, PROJECT, SITE, facts
from telling.stage import Line, Part, command, must, process, register
from telling.story import Story, on

from cabletrace.app.folder import Folder
from cabletrace.auth.policy import Role
from cabletrace.ledger import canonical
from cabletrace.ledger.note import VerifierKey
from cabletrace.model.possession import possession_statement, prove_possession

# The forger is the tests' own: one who does it better would show a fault of ours.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
from forger_for_tests import Forger

DEALER, ENGINEER, OFFICE = (f"00000000-0000-4000-8000-00000000010{n}" for n in range(3))
ORIGIN = "law.example/ledger"
PARTS = {
    "maker": Part("周口市禾泽示范电缆有限公司", MAKER, Role.MANUFACTURER, "411603"),
    "dealer": Part("周口市例示电缆经营部", DEALER, Role.DISTRIBUTOR, "411602"),
    "site": Part("太康县模拟示范建设工程有限公司", SITE, Role.CONTRACTOR, "411627"),
    "engineer": Part("周口市例示工程监理有限公司", ENGINEER, Role.SUPERVISOR, "411602"),
    "office": Part("周口市示范市场监督管理局", OFFICE, Role.REGULATOR, "411600"),
}
BATCH = {"batch": {"maker": MAKER, "lot": "HZ-LAW-1"}}


def about(kind: str, day: str, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": BATCH, "body": dict(body), **on(day), **more}


def key_of_maker(key: Ed25519PrivateKey, key_id: str) -> dict[str, Any]:
    event = str(uuid4())
    statement = possession_statement(origin=ORIGIN, owner=MAKER, key=key_id, event=event)
    body = {
        "algorithm": "ed25519",
        "possession": prove_possession(key, statement),
        "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "owner": MAKER,
        "validity": {"valid_from": "2026-01-01", "valid_to": "2027-12-31"},
    }
    return {"id": event, "kind": "key", "subject": {"key": key_id}, "body": body}


def tell_of_goods(story: Story, key: Ed25519PrivateKey, key_id: str) -> None:
    """One drum's life among those who trade it."""
    made = {
        "id": str(uuid4()),
        **about("production", "2026-04-01", {
            "product": "P01", "length_mm": 500_000, "units": [{"first": 1, "last": 2, "length_mm": 250_000}],
        }),
    }  # fmt: skip
    signature = base64.b64encode(key.sign(canonical.encode(made))).decode()
    story.say(
        "maker", "生产一批两盘，草稿由企业私钥签名", made, signature={"key": key_id, "value": signature}
    )
    story.say("maker", "1 号盘发往经销商", about(
        "dispatch", "2026-04-03",
        {"to": DEALER, "region": "411602", "units": [[1, 1]], "delivery_note": "FH-1"},
    ))  # fmt: skip
    story.say("site", "2 号盘出现在工地，没有人发过货：照录并标记", about(
        "receipt", "2026-04-05", {"units": [[2, 2]], "project": PROJECT},
    ))  # fmt: skip
    story.say("dealer", "收到 1 号盘", about("receipt", "2026-04-05", {"units": [[1, 1]], "sender": MAKER}))
    story.say("dealer", "1 号盘分切出 11 号（100 m）、12 号（50 m），损耗 1 m", about(
        "split", "2026-04-06",
        {"unit": 1, "pieces": [{"unit": 11, "length_mm": 100_000}, {"unit": 12, "length_mm": 50_000}],
         "scrap_mm": 1_000},
    ))  # fmt: skip
    wrong = story.say("dealer", "误记：把 12 号段发往工地", about(
        "dispatch", "2026-04-07",
        {"to": SITE, "region": "411627", "units": [[12, 12]], "delivery_note": "FH-2"},
    ))  # fmt: skip
    story.say("dealer", "更正：发的其实是 11 号段", {
        "kind": "correction", "subject": {"event": wrong, "kind": "dispatch"}, **on("2026-04-07"),
        "body": {"reason": "盘号抄错", "right": {
            "to": SITE, "region": "411627", "units": [[11, 11]], "delivery_note": "FH-2"}},
    })  # fmt: skip


def tell_of_acts(story: Story) -> None:
    """What an authority and the maker do about it, and who heeds it."""
    story.say("office", "查封经销商手中的 12 号段", about(
        "measure", "2026-04-08",
        {"action": "seal", "number": "周市监封〔2026〕1号", "units": [[12, 12]], "against": DEALER},
    ))  # fmt: skip
    moves = about("dispatch", "2026-04-09", {"to": SITE, "region": "411627", "units": [[12, 12]]})
    story.refused("dealer", "请示：可否发出 12 号段？", "goods-held", {**moves, "ask": True})
    story.say("dealer", "仍然发出了 12 号段：事实照录并标记", moves)
    story.say("maker", "召回整批", about(
        "recall", "2026-04-10",
        {"number": "ZH-2026-1", "reason": "导体电阻超出限值", "remedy": "return"},
    ))  # fmt: skip
    story.say("site", "退回 2 号盘", about(
        "return", "2026-04-11", {"to": MAKER, "region": "411603", "units": [[2, 2]], "reason": "recall"},
    ))  # fmt: skip
    story.say(
        "maker", "收到退回的 2 号盘", about("receipt", "2026-04-12", {"units": [[2, 2]], "sender": SITE})
    )


def wait_for_witness(address: str) -> bytes:
    """The newest checkpoint once the witness has cosigned it."""
    until = monotonic() + 60
    while monotonic() < until:
        newest, cosigned = (Line(address).get(f"/ledger/{name}") for name in ("checkpoint", "cosigned"))
        if cosigned.status == 200 and cosigned.body.split(b"\n")[1] == newest.body.split(b"\n")[1]:
            return cosigned.body
        sleep(0.5)
    sys.exit("the witness has cosigned nothing in a minute")


def convict(folder: Folder, saved: tuple[Path, Path], witness: Path) -> None:
    """An administrator makes it so that another piece was sealed than the one that then left.

    `saved`: one checkpoint from before the seizure, one from after it.
    """
    print("\n--- 有签名私钥和数据库的管理员把历史改写一遍：查封的是 11 号段，12 号段从未被查封 ---")
    forger = Forger(folder)
    events = forger.read()
    for event in events:
        if event["draft"]["kind"] == "measure":
            event["draft"]["body"]["units"] = [[11, 11]]
        event["server"]["marks"] = [mark for mark in event["server"]["marks"] if mark != "goods-held"]
    forger.write(events)
    forger.forget_what_was_signed()
    alone = command("verify", "--data", folder.root, "--projections")
    print(f"只看自己：cabletrace verify --projections 退出码 {alone.returncode}（0 为完好）")
    before, after = (command("verify", "--data", folder.root, "--since", one) for one in saved)
    print(f"对照改写处之前保存的检查点：verify --since 退出码 {before.returncode}（之前的历史没有动过）")
    print(
        f"对照改写处之后保存的检查点：verify --since 退出码 {after.returncode}\n{_indented(after.stdout + after.stderr)}"
    )
    with process("witness", "serve", "--folder", witness) as address:
        must("cosigner", "remove", "law.example/witness", "--data", folder.root)
        key = must("witness", "show", "--folder", witness, "--json")
        must("cosigner", "add", json.loads(key)["verifier_key"], address, "--data", folder.root)
        asked = command("cosigner", "ask", "--data", folder.root)
    print(f"请见证人会签：cosigner ask 退出码 {asked.returncode}\n{_indented(asked.stdout + asked.stderr)}")
    if [done.returncode for done in (alone, before, after, asked)] != [0, 0, 1, 1]:
        sys.exit("the rewritten ledger was not convicted as it must be")


def _indented(text: str) -> str:
    return "\n".join(f"     {line}" for line in text.strip().splitlines())


def main() -> None:
    with tempfile.TemporaryDirectory() as ground, ExitStack() as running:
        folder, witness = Folder(Path(ground, "data")), Path(ground, "witness")
        early, late = Path(ground, "early"), Path(ground, "late")
        must("init", "--data", folder.root, "--origin", ORIGIN, "--host", "law.example")
        key, key_id = Ed25519PrivateKey.generate(), str(uuid4())
        keys = register(folder, PARTS, facts(supervisor=ENGINEER), {"maker": [key_of_maker(key, key_id)]})
        must("witness", "init", "--name", "law.example/witness", "--folder", witness)
        with process("witness", "serve", "--folder", witness) as cosigner:
            vkey = Line(cosigner).get("/vkey").body.decode().strip()
            must("cosigner", "add", vkey, cosigner, "--data", folder.root)
            address = running.enter_context(process("serve", "--data", folder.root))
            log_key = Line(address).get("/ledger/vkey").body.decode().strip()
            must("witness", "follow", log_key, "--folder", witness)
            story = Story(PARTS, address, keys, VerifierKey.parse(log_key))
            tell_of_goods(story, key, key_id)
            early.write_bytes(wait_for_witness(address))
            tell_of_acts(story)
            late.write_bytes(wait_for_witness(address))
            running.close()
        print(f"\n见证人会签到第 {late.read_bytes().split()[1].decode()} 条；账本：", end="")
        print(must("verify", "--data", folder.root, "--projections", "--since", late).strip() or "完好 clean")
        convict(Folder(Path(shutil.copytree(folder.root, Path(ground, "copy")))), (early, late), witness)
        print("\n被改写的副本骗得过自己，骗不过见证人，也骗不过任何人此后保存的一个检查点。")


if __name__ == "__main__":
    main()
