"""Letters of files that aren't Unicode are told apart by what they would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.people.imports.reading import read, text_of

TEXTS = {
    "French": ("Prénom,Nom\nZoé,Lefèvre\nFrançois,Côté\n", "cp1252"),
    "German": ("Vorname;Firma\nJörg;Müller GmbH\nSüß;x\n", "cp1252"),
    "Spanish": ("Nombre;Teléfono\nBegoña Núñez;1\n", "cp1252"),
    "curly quotes": ("Name\nZoë O’Hara\nPlain\n", "cp1252"),
    "Polish": ("Imię;Nazwisko\nŁukasz;Wójcik\nMałgorzata;Żółć\nŚwiętosława;Dąbek\n", "cp1250"),
    "Czech": ("Jméno;Příjmení\nJiří;Dvořák\nŽaneta;Šťastná\n", "cp1250"),
    "Russian": ("Name;Phone\nПётр Иванов;+79161234567\n", "cp1251"),
    "Russian, of old": ("Имя;Телефон\nПётр Иванов;1\nАнна Смирнова;1\n", "koi8_r"),
    "Greek": ("Name;Phone\nΕλένη Παππά;1\n", "cp1253"),
    "Hebrew": ("Name;Phone\nשרה כהן;1\n", "cp1255"),
    "Arabic": ("Name;Phone\nمحمد الفارسي;1\n", "cp1256"),
    "Japanese": ("氏名,電話番号\n山田太郎,090-1234-5678\n", "cp932"),
    "Chinese": ("姓名,手机号码\n王小明,13800138000\n李娜,1\n", "gb18030"),
    "Chinese, traditional": ("姓名,電話\n王小明,1\n陳美玲,2\n", "big5"),
    "Korean": ("이름,전화번호\n김민준,1\n", "euc_kr"),
    "a Mac's": ("Prénom,Nom\nZoé,Lefèvre\nFrançois,Côté\n", "mac_roman"),
    "DOS": ("Vorname\nJörg Müller\nSüß\n", "cp850"),
}


@pytest.mark.parametrize("which", TEXTS)
def test_a_text_is_read_by_its_own_code_page(which: str, tmp_path: Path) -> None:
    text, encoding = TEXTS[which]
    path = tmp_path / "contacts.csv"
    path.write_bytes(text.encode(encoding))
    found = text_of(read(path))
    assert found.text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_letters_need_no_mark(encoding: str, tmp_path: Path) -> None:
    text = "BEGIN:VCARD\r\nN:Ľubo;Jana\r\nNOTE:李小龙 и другие\r\nEND:VCARD\r\n"
    path = tmp_path / "contacts.vcf"
    path.write_bytes(text.encode(encoding))
    assert read(path).decode() == text
