"""Files that jobs take, written into the current directory."""

import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

TEXT_TEMPLATE = r"""<?xml version="1.0"?>
<Template>
  <General><TemplateName>Builds</TemplateName><FullName><Item>Build</Item></FullName></General>
  <Files><TextFile name="F"><SpecimenDelimiter>\n\$</SpecimenDelimiter></TextFile></Files>
  <Automation><TreeHierarchy><TreeLevel>Builds of today</TreeLevel></TreeHierarchy></Automation>
</Template>
"""

TEXT_DATA = "Number,Build,Speed\n$1,Build-1,36.7\n$2,Build-2,67.4\n# a remark\n$3,Build-3,27.6\n$4,Build-4,16.4\n"


def write_workbook(path, rows):
    """The smallest .xlsx that holds `rows` of texts."""

    def cell(column, row, text):
        return f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'

    sheet = "".join(
        f'<row r="{number}">' + "".join(cell(i, number, text) for i, text in enumerate(cells)) + "</row>"
        for number, cells in enumerate(rows, 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}"><sheets><sheet name="Records" sheetId="1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        )


def write_input_files():
    write_workbook("combined.xlsx", [["Name", "Density"], ["Steel 42", "7.8"]])
    write_workbook("template.xlsx", [["Name", "Density"]])
    write_workbook("data.xlsx", [["Name", "Density"], ["Copper 7", "8.9"], ["Copper 8", "8.9"]])
    write_workbook("faulty.xlsx", [["Name", "Density"], ["Tin 1", "7.3"], ["", "1"]])
    texts = {"template.xml": TEXT_TEMPLATE, "data.dat": TEXT_DATA, "not a workbook.xlsx": "import this\n", "picture.bmp": ""}
    for name, text in texts.items():
        with open(name, "w", encoding="utf-8") as out:
            out.write(text)
