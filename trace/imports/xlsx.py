"""XLSX: bytes -> grids, through calamine, with everything weighed before calamine sees it.

calamine is fast and right about values, dates and shared text, but (measured, 0.9.1) it

* lays a sheet out as a dense rectangle, so that one cell at ``ZZZZZZZ99999999999`` in a file of 1 kB takes all
  memory and the process with it;
* copies a shared text once for every cell that shows it, so that a small file may hold terabytes;
* answers an error value (``#REF!``) and a formula that was never computed with an empty text, which would turn a
  broken number into a missing one.

So the order is: read the central directory and the sizes it declares; unpack only the parts of a workbook, never
more than declared; weigh each sheet's XML (positions, text, errors, formulas) with expat, entities refused; pack
exactly these parts again and hand that to calamine, so that what is parsed is what was weighed.
ISO/IEC 29500-1 §18.3 (sheets), §18.4 (shared strings); ISO/IEC 29500-2 (packages).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from io import BytesIO
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook

from ..errors import InputError, Text, shown
from .grid import (
    Grid,
    Limits,
    Value,
    is_blank,
    too_large,
    too_many_cells,
    too_many_columns,
    too_many_rows,
    unreadable,
)

_MOST_PARTS = 10_000
#: Sheets shrink by 10 to 50 in practice. A ratio beyond this is looked at only where the size begins to hurt.
_ABSURD_RATIO = 200
_RATIO_MATTERS_BYTES = 10 * 2**20
_CHUNK_BYTES = 65_536
_Place = tuple[int, int]

_DAMAGED = Text(
    "请用 Excel 打开后重新另存为 .xlsx，再上传一次。",
    "Open it in Excel, save it as .xlsx again and upload it once more.",
)


@dataclass(frozen=True, slots=True)
class _SheetPart:
    name: str
    hidden: bool
    path: str


@dataclass(frozen=True, slots=True)
class _Package:
    """The unpacked parts that make the workbook, by path; its worksheets in the order of the tabs."""

    parts: dict[str, bytes]
    sheets: list[_SheetPart]
    shared_strings: bytes | None


def read_xlsx(data: bytes, name: str, limits: Limits) -> tuple[list[Grid], tuple[str, ...]]:
    """The visible sheets in their order, and the names of the hidden ones, which are not read.

    What a person does not see is not what the person means to hand in.
    """
    package = _unpack(data, name, limits)
    visible = [sheet for sheet in package.sheets if not sheet.hidden]
    hidden = tuple(sheet.name for sheet in package.sheets if sheet.hidden)
    scales = _Scales(limits, _shared_text_lengths(package.shared_strings, limits))
    troubles = {sheet.name: scales.weigh(sheet.name, package.parts[sheet.path]) for sheet in visible}
    packed = _repack(package.parts)
    del package
    try:
        with CalamineWorkbook.from_filelike(BytesIO(packed)) as book:
            grids = [
                _grid(book.get_sheet_by_name(sheet.name), troubles[sheet.name], limits) for sheet in visible
            ]
    except InputError:
        raise
    except BaseException as failure:
        # a panic in the Rust reader arrives as a BaseException that is no Exception
        if isinstance(failure, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise unreadable(
            "工作簿内容有误，无法读取", "the workbook's content is faulty", came=name, remedy=_DAMAGED
        ) from failure
    return grids, hidden


# ---- the package --------------------------------------------------------------------------------------------


def _unpack(data: bytes, name: str, limits: Limits) -> _Package:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = _members(package, limits)
            return _workbook_parts(package, members)
    except InputError:
        raise
    except Exception as failure:  # zipfile and zlib answer hostile bytes with a dozen kinds of exceptions
        raise unreadable(
            "文件已损坏或没有上传完整",
            "the file is damaged or was not uploaded completely",
            came=name,
            remedy=_DAMAGED,
        ) from failure


def _members(package: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """By lower-case path, since part names are compared without case. Nothing is unpacked yet."""
    infos = package.infolist()
    if len(infos) > _MOST_PARTS:
        raise too_large(
            f"压缩包里有 {len(infos):,} 个部件，不像工作簿",
            f"the package has {len(infos):,} parts: hardly a workbook",
        )
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > limits.unpacked_bytes or (
        unpacked > _RATIO_MATTERS_BYTES and unpacked > _ABSURD_RATIO * max(packed, 1)
    ):
        raise too_large(
            f"解压后有 {unpacked / 2**20:,.0f} MB，拒绝读取",
            f"it would unpack to {unpacked / 2**20:,.0f} MB: refused",
        )
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.flag_bits & 0x1:
            raise unreadable(
                "文件加了密码",
                "the file is protected by a password",
                remedy=Text("请取消密码后再上传。", "Remove the password."),
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise unreadable(
                "文件的压缩方式不是 Excel 所用的",
                "the package is not packed the way Excel packs",
                remedy=_DAMAGED,
            )
        if members.setdefault(info.filename.lower(), info) is not info:
            raise unreadable(
                "压缩包里有两个同名部件",
                "the package has two parts of one name",
                came=info.filename,
                remedy=_DAMAGED,
            )
    return members


def _workbook_parts(package: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> _Package:
    parts: dict[str, bytes] = {}

    def take(path: str) -> bytes:
        info = members.get(path.lower())
        if info is None:
            raise unreadable(
                "工作簿缺少部件", "a part of the workbook is missing", came=path, remedy=_DAMAGED
            )
        if info.filename not in parts:
            parts[info.filename] = _inflate(package, info)
        return parts[info.filename]

    if "_rels/.rels" not in members or "[content_types].xml" not in members:
        raise _no_workbook(members)
    take("[Content_Types].xml")
    starts = _relations(take("_rels/.rels"), "", "officeDocument")
    if len(starts) != 1:
        raise _no_workbook(members)
    (book_path,) = starts.values()
    if not book_path.lower().endswith(".xml"):
        raise _no_workbook(members)
    folder, file_name = posixpath.split(book_path)
    relations = take(f"{folder}/_rels/{file_name}.rels")
    for path in _relations(relations, folder, "styles").values():
        take(path)
    shared = [take(path) for path in _relations(relations, folder, "sharedStrings").values()]
    if len(shared) > 1:
        raise unreadable(
            "工作簿有两个共享文字表", "the workbook has two tables of shared texts", remedy=_DAMAGED
        )
    worksheets = _relations(relations, folder, "worksheet")
    sheets: list[_SheetPart] = []
    for attributes in _elements(take(book_path), "sheet"):
        # chart sheets and macro sheets hold no table
        path = worksheets.get(attributes.get("id", ""), "")
        if path:
            take(path)
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append(_SheetPart(attributes.get("name", ""), hidden, members[path.lower()].filename))
    if min(len({sheet.name for sheet in sheets}), len({sheet.path for sheet in sheets})) < len(sheets):
        # a part of many tabs would be weighed many times
        raise unreadable("有两张工作表同名或同源", "two sheets share a name or a part", remedy=_DAMAGED)
    return _Package(parts, sheets, shared[0] if shared else None)


def _no_workbook(members: Mapping[str, zipfile.ZipInfo]) -> InputError:
    kind = Text("压缩包里没有 Excel 工作簿", "there is no Excel workbook in the package")
    if any(path.endswith("workbook.bin") for path in members):
        kind = Text(
            "这是二进制工作簿（.xlsb），不支持", "this is a binary workbook (.xlsb), which is not supported"
        )
    elif "content.xml" in members:
        kind = Text(
            "这是 OpenDocument 表格（.ods），不支持",
            "this is an OpenDocument file (.ods), which is not supported",
        )
    elif "word/document.xml" in members:
        kind = Text("这是 Word 文档，不是表格", "this is a Word document, not a spreadsheet")
    return unreadable(
        kind.zh, kind.en, remedy=Text("请另存为 .xlsx 后上传。", "Save it as .xlsx and upload that.")
    )


def _inflate(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Chunk by chunk: in one go, zipfile would inflate past the declared size before it cuts the result."""
    pieces: list[bytes] = []
    with package.open(info) as part:
        while piece := part.read(_CHUNK_BYTES):
            pieces.append(piece)
    return b"".join(pieces)


def _repack(parts: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for path, content in parts.items():
            package.writestr(path, content)
    return packed.getvalue()


# ---- the XML ------------------------------------------------------------------------------------------------


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise unreadable(
            "文件的 XML 带有文档类型声明（可能引用外部实体），拒绝读取",
            "the file's XML declares a document type, which may refer to outside entities: refused",
            remedy=_DAMAGED,
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _parse(parser: expat.XMLParserType, xml: bytes) -> None:
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise unreadable("工作簿的 XML 有误", "the workbook's XML is faulty", remedy=_DAMAGED) from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes, by local name, of every element with the local name ``wanted``."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == wanted:
            if len(found) == _MOST_PARTS:
                raise too_large("工作簿的部件过多", "the workbook has too many parts")
            found.append({_local(key): value for key, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = start
    _parse(parser, xml)
    return found


def _relations(xml: bytes, folder: str, kind: str) -> dict[str, str]:
    """Relationship id -> path of the target, for relationships whose type ends in ``kind``."""
    targets: dict[str, str] = {}
    for relation in _elements(xml, "Relationship"):
        if relation.get("Type", "").endswith("/" + kind) and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            targets[relation.get("Id", "")] = posixpath.normpath(path)
    return targets


def _shared_text_lengths(xml: bytes | None, limits: Limits) -> list[int]:
    """The length of each shared text, in characters, phonetic hints included (an upper bound is wanted)."""
    lengths: list[int] = []
    if xml is None:
        return lengths

    def start(name: str, _attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            if len(lengths) == limits.cells:
                raise too_large("工作簿的文字过多", "the workbook has too many texts")
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    parser = _parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    _parse(parser, xml)
    return lengths


class _Scales:
    """Weighs the sheets of one workbook, one after the other, against one set of limits."""

    def __init__(self, limits: Limits, shared_lengths: list[int]):
        self._limits = limits
        self._shared_lengths = shared_lengths
        self._cells_left = limits.cells
        self._text_left = limits.unpacked_bytes

    def weigh(self, sheet: str, xml: bytes) -> dict[_Place, Text]:
        """Why cells of this sheet hold no usable value, by (row number, column from 0). About 2.5 µs a cell.

        Raises InputError where a position lies beyond the limits or stands twice, or where the texts together
        would be larger than the whole file may be.
        """
        limits = self._limits
        troubles: dict[_Place, Text] = {}
        columns: dict[str, int] = {}
        row, digits, column, last_row, widest, merges = 0, "", -1, 0, 0, 0
        kind, formula, filled = "n", False, False
        content: list[str] = []
        parser = _parser()

        def settle() -> None:
            """The cell just read is complete: its text counts, and it may be in trouble."""
            nonlocal formula
            parser.CharacterDataHandler = None
            text = "".join(content).strip()
            content.clear()
            self._text_left -= self._length(kind, text)
            if self._text_left < 0:
                raise too_large(
                    "表中文字总量过大", "the texts of the workbook are too large in all", came=sheet
                )
            if kind == "e" and filled:
                troubles[row, column] = _error_value(text)
            elif formula and not text and not (filled and kind == "str"):
                # Excel writes a formula whose result is an empty text as t="str" with an empty value
                troubles[row, column] = _NOT_COMPUTED
            formula = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, digits, column, last_row, widest, kind, formula, filled, merges
            if ":" in name:
                name = _local(name)
            if name == "c":
                if formula or kind != "n":
                    settle()
                kind, filled = attributes.get("t", "n"), False
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                    return
                letters = reference.rstrip("0123456789")
                here = columns.get(letters)
                if here is None:
                    here = columns[letters] = _column(sheet, reference, letters)
                if here <= column or reference[len(letters) :] != digits:
                    raise _misplaced(sheet, reference)
                column = here
            elif name in ("v", "is", "f"):
                # an uncomputed formula is nowhere in calamine's rectangle, but it becomes a cell of ours
                if row > last_row or column >= widest:
                    last_row, widest = row, max(widest, column + 1)
                    self._refuse_too_large(sheet, last_row, widest)
                if name == "f":
                    formula = True
                else:
                    filled = True
                    if formula or kind != "n":
                        parser.CharacterDataHandler = content.append
            elif name == "mergeCell":
                merges += 1
                if merges > limits.rows:
                    raise too_large("合并单元格过多", "there are too many merged cells", came=sheet)
            elif name == "row":
                if formula or kind != "n":
                    settle()
                    kind = "n"
                row, column = _row(sheet, attributes.get("r"), row), -1
                digits = str(row)

        parser.StartElementHandler = start
        _parse(parser, xml)
        if formula or kind != "n":
            settle()
        self._cells_left -= last_row * widest
        return troubles

    def _refuse_too_large(self, sheet: str, rows: int, columns: int) -> None:
        if rows > self._limits.rows:
            raise too_many_rows(self._limits, sheet)
        if columns > self._limits.columns:
            raise too_many_columns(self._limits, sheet)
        if rows * columns > self._cells_left:
            raise too_many_cells(self._limits, sheet)

    def _length(self, kind: str, text: str) -> int:
        if kind != "s":
            return len(text)
        index = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        return self._shared_lengths[index] if 0 <= index < len(self._shared_lengths) else 0


def _row(sheet: str, reference: str | None, previous: int) -> int:
    """Rows and cells stand in rising order; calamine would quietly keep the last of two at one place."""
    if reference is None:
        return previous + 1
    if not (
        reference.isascii() and reference.isdigit() and len(reference) <= 7 and int(reference) > previous
    ):
        raise _misplaced(sheet, reference)
    return int(reference)


def _column(sheet: str, reference: str, letters: str) -> int:
    """``A -> 0``, ``AA -> 26``."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise _misplaced(sheet, reference)
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_NOT_COMPUTED = Text(
    "公式还没有算出结果；请在 Excel 中打开并保存，或把公式粘贴为数值",
    "a formula that was never computed; open and save the file in Excel, or paste the formula as a value",
)


def _error_value(text: str) -> Text:
    return Text(
        f"公式结果是错误值 {shown(text, 20)}；请改正公式，或直接填写数值",
        f"the formula's result is the error {shown(text, 20)}; mend the formula or type the value",
    )


def _misplaced(sheet: str, reference: str) -> InputError:
    return unreadable(
        f"工作表「{shown(sheet)}」中单元格位置有误或重复",
        f"sheet '{shown(sheet)}': a cell's position is wrong or stands twice",
        came=reference,
        remedy=_DAMAGED,
    )


# ---- the grid -----------------------------------------------------------------------------------------------


def _grid(sheet: CalamineSheet, troubles: dict[_Place, Text], limits: Limits) -> Grid:
    left = sheet.start[1] if sheet.start else 0
    rows: dict[int, list[Value]] = {}
    for number, values in enumerate(sheet.iter_rows() if sheet.start else (), start=1):
        row: list[Value] = [None] * left
        for column, value in enumerate(values, start=left):
            if isinstance(value, timedelta):
                troubles[number, column] = _DURATION
                row.append(None)
            elif isinstance(value, time):
                row.append(value.isoformat())
            else:
                row.append(None if value == "" else value)
        rows[number] = row
    for place in _covered(sheet, rows, limits):
        troubles.setdefault(place, _MERGED)
    by_row: dict[int, dict[int, Text]] = {}
    for (number, column), trouble in troubles.items():
        rows.setdefault(number, [])
        by_row.setdefault(number, {})[column] = trouble
    return Grid(sheet.name, sorted(rows.items()), by_row)


_DURATION = Text(
    "单元格格式是时长，看不出原来的数值；请改为「常规」格式后核对",
    "the cell is formatted as a duration; set its format to General and check the value",
)
_MERGED = Text(
    "此格并入了上方的合并单元格；请取消合并，逐行填写",
    "this cell is part of a merged cell above it; unmerge it and fill in each row",
)


def _covered(sheet: CalamineSheet, rows: Mapping[int, list[Value]], limits: Limits) -> Iterator[_Place]:
    """Cells under a value that is merged down over several rows.

    The value may belong to each row (a lot) or to all of them together (a sum): only the writer knows.
    """
    left = limits.cells
    for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
        first = rows.get(top + 1, [])
        if column < len(first) and not is_blank(first[column]):
            for number in range(top + 2, min(bottom + 1, len(rows)) + 1):
                left -= 1
                if left < 0:
                    raise too_many_cells(limits, sheet.name)
                yield number, column
