"""Names that are the same, and names that are two people's: neither is ever reported."""

from __future__ import annotations

from collections import defaultdict

import pytest

from auditor.data import Document, Finding, Observation, Origin
from auditor.registry import CorpusRule, Rule
from auditor.rules import names
from auditor.rules._names_fold import distance, plain_key, skeleton
from auditor.rules._names_variants import same_name
from auditor.rules._romanisation import is_pinyin, is_wade_giles, restored
from auditor.segment import segment

# Two ways to write one person: transliteration, short form, marks, order, particles, hyphen, initials.
VARIANTS = [
    ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
    ("Volodymyr Zelenskyy", "Volodymyr Zelenskiy"),
    ("Wolodymyr Selenskyj", "Volodymyr Zelensky"),
    ("Vladimir Putin", "Wladimir Putin"),
    ("Sergey Lavrov", "Sergei Lavrov"),
    ("Sergei Shoigu", "Sergej Shoigu"),
    ("Ihor Petrenko", "Igor Petrenko"),
    ("Oleksandr Syrskyi", "Alexander Syrsky"),
    ("Aleksandr Lukashenko", "Alexander Lukashenko"),
    ("Mohammed Hassan", "Muhammad Hassan"),
    ("Mohamed Salah", "Mohammed Salah"),
    ("Ahmed Karim", "Ahmad Kareem"),
    ("Joe Biden", "Joseph Biden"),
    ("Bill Clinton", "William Clinton"),
    ("Tony Blair", "Anthony Blair"),
    ("Bob Dylan", "Robert Dylan"),
    ("Mike Pompeo", "Michael Pompeo"),
    ("Dmitry Medvedev", "Dmitri Medvedev"),
    ("Dmytro Kuleba", "Dmitry Kuleba"),
    ("Yevgeny Prigozhin", "Evgeny Prigozhin"),
    ("Yulia Tymoshenko", "Julia Timoshenko"),
    ("Mykhailo Fedorov", "Mikhail Fedorov"),
    ("Mikhail Gorbachev", "Michail Gorbatschow"),
    ("Pyotr Tchaikovsky", "Peter Chaikovsky"),
    ("Fyodor Dostoevsky", "Fyodor Dostoyevsky"),
    ("Leo Tolstoy", "Lev Tolstoi"),
    ("Anton Chekhov", "Anton Tschechow"),
    ("Andriy Yermak", "Andrii Yermak"),
    ("Valeriy Zaluzhny", "Valerii Zaluzhnyi"),
    ("Serhiy Koval", "Serhii Koval"),
    ("Vitali Klitschko", "Vitaliy Klychko"),
    ("Vitalij Kličko", "Vitali Klitschko"),
    ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"),
    ("Tayyip Erdogan", "Recep Tayyip Erdogan"),
    ("Mehmet Simsek", "Mehmet Şimşek"),
    ("Kylian Mbappe", "Kylian Mbappé"),
    ("Andrej Babis", "Andrej Babiš"),
    ("Radoslaw Sikorski", "Radosław Sikorski"),
    ("Lars Løkke Rasmussen", "Lars Lokke Rasmussen"),
    ("Jonas Gahr Støre", "Jonas Gahr Store"),
    ("Gerhard Schröder", "Gerhard Schroeder"),
    ("Günther Grass", "Guenther Graß"),
    ("Jürgen Strauß", "Juergen Strauss"),
    ("Ursula von der Leyen", "Ursula Von Der Leyen"),
    ("Kim Jong-un", "Kim Jong Un"),
    ("Park Geun-hye", "Park Geun Hye"),
    ("Zheng Qinwen", "Qinwen Zheng"),
    ("George W. Bush", "George Bush"),
    ("John F. Kennedy", "John Kennedy"),
    ("J. K. Rowling", "Joanne Rowling"),
    ("Jean-Claude Juncker", "Jean Claude Juncker"),
    ("Luiz Inácio Lula da Silva", "Luiz Inacio Lula da Silva"),
    ("Emmanuel Macron", "Emanuel Macron"),
    ("Nicolas Sarkozy", "Nicholas Sarkozy"),
    ("Yitzhak Rabin", "Itzhak Rabin"),
    ("Benjamin Netanyahu", "Binyamin Netanyahu"),
    ("Ebrahim Raisi", "Ebrahim Raeisi"),
    ("Kassym-Jomart Tokayev", "Kassym-Jomart Tokaev"),
    ("Alexei Navalny", "Alexey Navalny"),
    ("Svetlana Tikhanovskaya", "Sviatlana Tsikhanouskaya"),
    ("Tomás Morales", "Tomas Morales"),
    ("José Pérez", "Jose Perez"),
    ("Giorgos Papadopoulos", "George Papadopoulos"),
    ("Kateryna Shevchenko", "Ekaterina Shevchenko"),
]

# Two people, however close their names are.
PEOPLE = [
    ("Li Wu", "Lu Wu"),
    ("Wang Yi", "Wang Li"),
    ("Li Na", "Lin Na"),
    ("Zhang Wei", "Zhang Wen"),
    ("Mao Ning", "Lin Jian"),
    ("Chen Li", "Chen Lei"),
    ("Kim Jong-un", "Kim Jong-il"),
    ("Kim Min-ji", "Kim Min-jun"),
    ("Lech Kaczyński", "Jarosław Kaczyński"),
    ("George Bush", "Kate Bush"),
    ("Justin Trudeau", "Pierre Trudeau"),
    ("Fidel Castro", "Raúl Castro"),
    ("Bill Clinton", "Hillary Clinton"),
    ("Barack Obama", "Michelle Obama"),
    ("Venus Williams", "Serena Williams"),
    ("Vitali Klitschko", "Wladimir Klitschko"),
    ("Dmitry Medvedev", "Daniil Medvedev"),
    ("Taras Shevchenko", "Andriy Shevchenko"),
    ("Paul McCartney", "Stella McCartney"),
    ("John Kennedy", "Robert Kennedy"),
    ("Indira Gandhi", "Rahul Gandhi"),
    ("Nawaz Sharif", "Shehbaz Sharif"),
    ("Hosni Mubarak", "Gamal Mubarak"),
    ("Anders Fogh Rasmussen", "Lars Løkke Rasmussen"),
    ("Magdalena Andersson", "Ulf Kristersson"),
    ("Donald Trump", "Donald Tusk"),
    ("Boris Johnson", "Boris Pistorius"),
    ("Michael Jordan", "Michael Jackson"),
    ("Michael Schumacher", "Michael Phelps"),
    ("Olaf Scholz", "Olaf Schubert"),
    ("Angela Merkel", "Angela Davis"),
    ("Petr Pavel", "Petr Fiala"),
    ("Jan Novák", "Jan Nový"),
    ("Jan Kovář", "Jan Kovařík"),
    ("Peter Müller", "Peter Schneider"),
    ("Thomas Fischer", "Thomas Weber"),
    ("Anna Karpova", "Anatoly Karpov"),
    ("Sergei Ivanov", "Svetlana Ivanova"),
    ("Jan Dvořák", "Jana Dvořáková"),
    ("Maria Popescu", "Marian Popescu"),
    ("Carlos Ruiz", "Carla Ruiz"),
    ("Mario Rossi", "Maria Rossi"),
    ("Daniel Costa", "Daniela Costa"),
    ("Simone Biles", "Paul Simon"),
    ("Michael Martin", "Simona Martini"),
    ("Jon Anderson", "John Andersen"),
    ("Emma Stone", "Emma Watson"),
    ("Chris Rock", "Chris Evans"),
    ("Tom Hanks", "Tom Cruise"),
    ("James Cameron", "David Cameron"),
    ("Anderson Cooper", "Yvette Cooper"),
    ("Stephen King", "Billie Jean King"),
    ("Gordon Brown", "James Brown"),
    ("Theresa May", "Brian May"),
    ("Jack Ma", "Ma Ying-jeou"),
    ("Han Kang", "Han Duck-soo"),
    ("Ban Ki-moon", "Moon Jae-in"),
    ("Hun Sen", "Hun Manet"),
    ("Bashar al-Assad", "Hafez al-Assad"),
    ("Ilham Aliyev", "Heydar Aliyev"),
    ("Konstantinos Mitsotakis", "Kyriakos Mitsotakis"),
    ("Andreas Papandreou", "George Papandreou"),
    ("Isaac Herzog", "Werner Herzog"),
    ("José Mourinho", "José Barroso"),
    ("Lars-Åke Nilsson", "Lars-Arne Nilsson"),
    ("Sanna Marin", "Marina Silva"),
]


def report(*documents: str, group: str | None = None) -> list[Finding]:
    found: list[Finding] = []
    seen: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    rules = {rule.meta.code: rule for rule in names.RULES}
    for number, text in enumerate(documents):
        page = segment(Document(str(number), text, Origin("", "txt"), group=group))
        for rule in rules.values():
            if isinstance(rule, Rule):
                found += rule.check(page)
            if isinstance(rule, CorpusRule):
                for one in rule.observe(page):
                    seen[one.rule, one.key].append(one)
    for (code, _), many in sorted(seen.items()):
        rule = rules[code]
        assert isinstance(rule, CorpusRule)
        found += rule.resolve(sorted(many, key=lambda one: (one.document_id, one.span, one.quote)))
    return found


def test_the_tables_are_long_enough() -> None:
    assert len(VARIANTS) >= 60
    assert len(PEOPLE) >= 60


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_variants_are_never_flagged(one: str, other: str) -> None:
    both = f"On Monday {one} spoke for an hour in the old town hall. Later {other} answered questions of the visitors."
    assert not report(both)
    single = [
        f"The committee heard President {name} on Monday in the old town hall of the city." for name in (one, other)
    ]
    assert not report(*single)
    assert not report(*single, single[0], group="story")


@pytest.mark.parametrize(("one", "other"), PEOPLE)
def test_two_people_are_never_flagged(one: str, other: str) -> None:
    both = f"On Monday {one} spoke for an hour in the old town hall. Later {other} answered questions of the visitors."
    assert not report(both)
    first = f"The baker {one} sold nine hundred loaves on Saturday in the old town hall of the city."
    second = f"The judge {other} closed the case on Saturday after nine hundred days in the old town hall."
    assert not report(first, second)
    assert not report(first, second, second, group="story")


def test_keys() -> None:
    assert plain_key("Şimşek") == "simsek"
    assert skeleton("Klitschko") == skeleton("Кличко") == skeleton("Kličko") == skeleton("Kliczko")
    assert skeleton("Zelenskyy") == skeleton("Зеленський") == skeleton("Selenskyj")
    assert distance("tusk", "trusk") == 1
    assert distance("abcd", "abdc") == 1
    assert distance("abcdefgh", "x") == 4


def test_a_family_name_has_no_foreign_forms() -> None:
    assert same_name(("Joe", "Biden"), ("Joseph", "Biden"))
    assert not same_name(("Peter", "Paul"), ("Petr", "Pavel"))


@pytest.mark.parametrize("word", ["Jinping", "Xi'an", "Zedong", "Lü", "Qinwen", "Jian", "Guoqiang"])
def test_pinyin(word: str) -> None:
    assert is_pinyin(word)
    assert not restored(word)


@pytest.mark.parametrize("word", ["Hsien", "Tsai", "Lien", "Tzu-yi", "Chiang", "Kuo-chen"])
def test_wade_giles_is_left_alone(word: str) -> None:
    assert is_wade_giles(word)
    assert not restored(word)


@pytest.mark.parametrize(
    ("word", "first"), [("Tszyan", "Jian"), ("Syao", "Xiao"), ("Chzhan", "Zhan"), ("Ksyao", "Xiao"), ("Jien", "Jian")]
)
def test_the_way_back_from_palladius(word: str, first: str) -> None:
    assert restored(word)[0] == first


def test_nothing_in_an_empty_text_or_other_scripts() -> None:
    assert not report("", "…", "ابتث", "名前", "12 345")
