"""What an evidence package proves and what it does not, in words that stand in each of them."""

from __future__ import annotations

NAME = "what-this-proves.txt"

TEXT = """\
本证据包证明什么，不证明什么
============================

证明（核验程序全部通过时）

1. 包内每条事件在所附检查点之时已在账本上，内容逐字节未变。每条事件的散列写在公开条目中，条目由包含证明归入检查点的树根，
   检查点有账本私钥的签名。
2. 账本没有改写过：见证人会签过的检查点、以及您自己较早保存的检查点，都是所附检查点的开头（一致性证明）。这一点到会签的
   条数为止；其后的条目只由账本自己的签名担保。
3. 目录写明“全部历史”的，从第 0 条到取证声明所指的最后一条齐全，逐条相连。抽去、截短或调换任何一条，核验都会指出。
   写明“对提取单位开放的部分”的，只证明提取时取得的都在，不证明此外没有别的事件。
   写明“截至检查点”的，是账本当时的情形：此后的事件，包括更正，不在内。
4. 附件就是事件中登记的那个文件；所附个人信息明文就是事件中承诺的那个。
5. 有单位签名的事件，其内容就是持有该公钥的一方所签。

不证明

1. 不证明所记内容属实。事件是各单位自己陈述或录入的，账本只保证说过的话没有被改。属实与否由其他证据认定。
2. 不证明线下的货物就是账上的货物；标签可能被移贴或复制。
3. 不证明单位公钥由何人掌握、公钥登记本身是否正当；未签名的事件由平台账号录入，见其中的 actor。
4. 提取笔录和可读报告（两份 PDF）是由数据生成的，不在账本上。改动它们会与清单不符；连同清单一起改动的，以笔录上签字确认的
   “提取内容校验值”、以及 data/ 中的数据为准。
5. 包内的 verify.py、verify.html 和公钥与数据同出一处。要求严格时，请从平台另行取得这两个程序和公钥，或用您自己的工具：
   格式均为公开标准（RFC 8493、RFC 6962、C2SP tlog-checkpoint、tlog-proof、tlog-cosignature）。
6. 时间是平台时钟所记，只进不退，不早于见证人会签所证明的；没有国家授时机构的时间戳。
7. 涉嫌、预警、“估算，待认定”等字样都不是结论。

What this package proves, and what it does not
==============================================

Proved, where a verifier passes

1. Every event in it was on the ledger at the checkpoint that is enclosed, and not a byte of it has changed. Its digest stands
   in the public entry, the entry leads by its inclusion proof to the checkpoint's root, and the ledger's key has signed that.
2. The ledger was not rewritten: the checkpoint continues the one that witnesses have cosigned, and the earlier one that you
   had kept, if it is enclosed (consistency proofs). This holds up to the cosigned size; what lies above rests on the ledger's
   own signature.
3. Where the contents say that a history is whole, it is complete from event 0 to the one that the statement on the ledger
   names, each linked to the one before. Whatever is left out, cut off or exchanged shows. Where they say that it is the part
   that was open to who took it, all that was taken is here; that there is nothing else is not proved.
   Where they are as of an earlier checkpoint, they are what the ledger was then: later events, corrections too, are not here.
4. An attachment is the file that the event names; a clear name is the one that the event commits to.
5. What an organisation signed is what the holder of that key has signed.

Not proved

1. That what was recorded is true. Organisations state or enter events themselves; the ledger keeps what was said unchanged.
2. That goods are the goods of the record: a label can be moved or copied.
3. Who holds an organisation's key, and that it was rightly registered. Unsigned events were entered by an account of the
   platform, which stands in them as actor.
4. The record and the readable report (two PDF files) are made of the data and are not on the ledger. A change of them shows
   against the manifest; where the manifest was changed too, the digest in the record that was signed on paper decides, and the
   data themselves.
5. verify.py, verify.html and the key come from where the data come from. To be strict, get both programs and the key from the
   platform by another way, or use tools of your own: all formats are public standards (RFC 8493, RFC 6962, C2SP
   tlog-checkpoint, tlog-proof, tlog-cosignature).
6. Times are those of the platform's clock, which never goes backwards, and no earlier than cosignatures show; there is no
   time stamp of a national time authority.
7. Words such as suspicion, alert or estimate are no findings of guilt.
"""
