#!/usr/bin/env python3
"""Writes facts.jsonl, texts.jsonl (the same without vectors) and queries.jsonl from facts.txt and the tables below; standard library only.

The embedding is no model, only arithmetic that a reader can repeat. Each word of a fact (lower case, without the endings
-s, -es, -ed, -ing) has a fixed direction in 32 dimensions: component i is +1 or -1 by bit i of the FNV-1a 64-bit hash
of the word, mixed once. A text is the sum of the directions of its different words, tags and kind, scaled to length 1
and rounded to 6 decimals; common little words are left out, and so are words that only one fact has, which could bring
nothing together. Texts that share words are near each other.

    python3 samples/make_samples.py                 # writes the files beside this script
    python3 samples/make_samples.py "love in italy" # prints the vector of a text
"""
import json
import math
import os
import re
import sys

DIMENSION = 32
LITTLE = set("a an and are as at be by for from has have he her his in into is it its no nor of on or she that the their "
             "they this to up was who with".split())

ELEMENTS = """
H Hydrogen nonmetal gas 1766|He Helium noble gas 1868|Li Lithium alkali solid 1817|Be Beryllium earth solid 1798
B Boron metalloid solid 1808|C Carbon nonmetal solid -|N Nitrogen nonmetal gas 1772|O Oxygen nonmetal gas 1771
F Fluorine halogen gas 1886|Ne Neon noble gas 1898|Na Sodium alkali solid 1807|Mg Magnesium earth solid 1808
Al Aluminium metal solid 1825|Si Silicon metalloid solid 1823|P Phosphorus nonmetal solid 1669|S Sulfur nonmetal solid -
Cl Chlorine halogen gas 1774|Ar Argon noble gas 1894|K Potassium alkali solid 1807|Ca Calcium earth solid 1808
Sc Scandium metal solid 1879|Ti Titanium metal solid 1791|V Vanadium metal solid 1801|Cr Chromium metal solid 1797
Mn Manganese metal solid 1774|Fe Iron metal solid -|Co Cobalt metal solid 1735|Ni Nickel metal solid 1751
Cu Copper metal solid -|Zn Zinc metal solid -|Ga Gallium metal solid 1875|Ge Germanium metalloid solid 1886
As Arsenic metalloid solid -|Se Selenium nonmetal solid 1817|Br Bromine halogen liquid 1825|Kr Krypton noble gas 1898
Rb Rubidium alkali solid 1861|Sr Strontium earth solid 1808|Y Yttrium metal solid 1843|Zr Zirconium metal solid 1789
Nb Niobium metal solid 1801|Mo Molybdenum metal solid 1778|Tc Technetium metal solid 1937|Ru Ruthenium metal solid 1844
Rh Rhodium metal solid 1804|Pd Palladium metal solid 1802|Ag Silver metal solid -|Cd Cadmium metal solid 1817
In Indium metal solid 1863|Sn Tin metal solid -|Sb Antimony metalloid solid -|Te Tellurium metalloid solid 1782
I Iodine halogen solid 1811|Xe Xenon noble gas 1898|Cs Caesium alkali solid 1860|Ba Barium earth solid 1808
La Lanthanum metal solid 1839|Ce Cerium metal solid 1803|Nd Neodymium metal solid 1885|Sm Samarium metal solid 1879
Eu Europium metal solid 1901|Gd Gadolinium metal solid 1880|Tb Terbium metal solid 1843|Dy Dysprosium metal solid 1886
Ho Holmium metal solid 1878|Er Erbium metal solid 1843|Tm Thulium metal solid 1879|Yb Ytterbium metal solid 1878
Lu Lutetium metal solid 1907|Hf Hafnium metal solid 1923|Ta Tantalum metal solid 1802|W Tungsten metal solid 1783
Re Rhenium metal solid 1925|Os Osmium metal solid 1803|Ir Iridium metal solid 1803|Pt Platinum metal solid 1735
Au Gold metal solid -|Hg Mercury metal liquid -|Tl Thallium metal solid 1861|Pb Lead metal solid -
Bi Bismuth metal solid -|Po Polonium metalloid solid 1898|Rn Radon noble gas 1899|Ra Radium earth solid 1898
Ac Actinium metal solid 1899|Th Thorium metal solid 1829|Pa Protactinium metal solid 1917|U Uranium metal solid 1789
Np Neptunium metal solid 1940|Pu Plutonium metal solid 1940|Am Americium metal solid 1944|Cm Curium metal solid 1944
"""

COUNTRIES = """
Argentina/Buenos Aires/America|Australia/Canberra/Oceania|Austria/Vienna/Europe|Bangladesh/Dhaka/Asia
Belgium/Brussels/Europe|Bolivia/Sucre/America|Botswana/Gaborone/Africa|Brazil/Brasília/America|Bulgaria/Sofia/Europe
Cambodia/Phnom Penh/Asia|Cameroon/Yaoundé/Africa|Canada/Ottawa/America|Chad/N'Djamena/Africa|Chile/Santiago/America
China/Beijing/Asia|Colombia/Bogotá/America|Costa Rica/San José/America|Croatia/Zagreb/Europe|Cuba/Havana/America/island
Cyprus/Nicosia/Europe/island|Czechia/Prague/Europe|Denmark/Copenhagen/Europe|Ecuador/Quito/America|Egypt/Cairo/Africa
Estonia/Tallinn/Europe|Ethiopia/Addis Ababa/Africa|Fiji/Suva/Oceania/island|Finland/Helsinki/Europe|France/Paris/Europe
Georgia/Tbilisi/Asia|Germany/Berlin/Europe|Ghana/Accra/Africa|Greece/Athens/Europe|Guatemala/Guatemala City/America
Haiti/Port-au-Prince/America/island|Hungary/Budapest/Europe|Iceland/Reykjavik/Europe/island|India/New Delhi/Asia
Indonesia/Jakarta/Asia/island|Iran/Tehran/Asia|Iraq/Baghdad/Asia|Ireland/Dublin/Europe/island|Italy/Rome/Europe
Jamaica/Kingston/America/island|Japan/Tokyo/Asia/island|Jordan/Amman/Asia|Kazakhstan/Astana/Asia|Kenya/Nairobi/Africa
Laos/Vientiane/Asia|Latvia/Riga/Europe|Lebanon/Beirut/Asia|Libya/Tripoli/Africa|Lithuania/Vilnius/Europe
Luxembourg/Luxembourg/Europe|Madagascar/Antananarivo/Africa/island|Malawi/Lilongwe/Africa|Malaysia/Kuala Lumpur/Asia
Mali/Bamako/Africa|Malta/Valletta/Europe/island|Mexico/Mexico City/America|Mongolia/Ulaanbaatar/Asia
Morocco/Rabat/Africa|Mozambique/Maputo/Africa|Namibia/Windhoek/Africa|Nepal/Kathmandu/Asia|Netherlands/Amsterdam/Europe
New Zealand/Wellington/Oceania/island|Niger/Niamey/Africa|Nigeria/Abuja/Africa|Norway/Oslo/Europe|Oman/Muscat/Asia
Pakistan/Islamabad/Asia|Panama/Panama City/America|Paraguay/Asunción/America|Peru/Lima/America
Philippines/Manila/Asia/island|Poland/Warsaw/Europe|Portugal/Lisbon/Europe|Romania/Bucharest/Europe|Russia/Moscow/Europe
Rwanda/Kigali/Africa|Samoa/Apia/Oceania/island|Saudi Arabia/Riyadh/Asia|Senegal/Dakar/Africa|Serbia/Belgrade/Europe
Singapore/Singapore/Asia/island|Slovakia/Bratislava/Europe|Slovenia/Ljubljana/Europe|Somalia/Mogadishu/Africa
South Korea/Seoul/Asia|Spain/Madrid/Europe|Sri Lanka/Colombo/Asia/island|Sudan/Khartoum/Africa|Sweden/Stockholm/Europe
Switzerland/Bern/Europe|Syria/Damascus/Asia|Tanzania/Dodoma/Africa|Thailand/Bangkok/Asia|Togo/Lomé/Africa
Tunisia/Tunis/Africa|Turkey/Ankara/Asia|Uganda/Kampala/Africa|Ukraine/Kyiv/Europe|United Kingdom/London/Europe/island
United States/Washington/America|Uruguay/Montevideo/America|Vietnam/Hanoi/Asia|Zambia/Lusaka/Africa
"""

ANIMALS = """
Aardvark/mammal/Africa/digs for ants at night|Albatross/bird/sea/glides over the sea for days|Alligator/reptile/river/waits in rivers
Anaconda/reptile/river/strangles prey in rivers|Ant/insect/forest/lives in large states|Badger/mammal/forest/digs long homes under the forest
Barn Owl/bird/farm/hunts mice at night by ear|Bat/mammal/cave/finds insects at night by its echo|Beaver/mammal/river/builds dams of wood in rivers
Bee/insect/farm/makes honey and lives in large states|Blue Whale/mammal/sea/is the largest animal of all|Camel/mammal/desert/walks through the desert without water
Chameleon/reptile/forest/changes its colour|Cheetah/mammal/Africa/runs faster than any other animal|Clownfish/fish/sea/lives among stinging anemones
Cobra/reptile/India/kills with poison|Condor/bird/mountain/glides high over mountains|Coral/animal/sea/builds reefs in warm seas
Crocodile/reptile/river/waits in rivers of Africa|Cuckoo/bird/forest/lays its eggs into other nests|Dolphin/mammal/sea/finds fish in the sea by its echo
Eagle/bird/mountain/hunts from high over mountains|Elephant/mammal/Africa/is the largest animal on land|Emperor Penguin/bird/snow/keeps its egg warm on the snow
Firefly/insect/forest/glows at night|Flamingo/bird/lake/stands on one leg in salt lakes|Fox/mammal/forest/hunts mice at night
Frog/amphibian/lake/begins its life in water|Giraffe/mammal/Africa/eats leaves from high trees|Gorilla/mammal/forest/lives in families in the forest
Hedgehog/mammal/forest/sleeps through the winter|Hippopotamus/mammal/river/rests in rivers of Africa by day|Horse/mammal/farm/carries people and runs far
Hummingbird/bird/forest/stands in the air to drink from flowers|Jellyfish/animal/sea/drifts through the sea and stings|Kangaroo/mammal/desert/leaps and carries its child in a bag
Koala/mammal/forest/eats only leaves of one tree|Lion/mammal/Africa/hunts in families|Lynx/mammal/snow/hunts alone in the snow of the north
Monarch/insect/forest/travels south each winter|Octopus/animal/sea/changes its colour and opens jars|Orca/mammal/sea/hunts whales in families
Ostrich/bird/Africa/cannot fly and runs fast|Panda/mammal/mountain/eats only bamboo|Parrot/bird/forest/learns to repeat words
Platypus/mammal/river/lays eggs although it is a mammal|Polar Bear/mammal/snow/hunts seals on the ice|Python/reptile/forest/strangles its prey
Raven/bird/mountain/solves puzzles and remembers faces|Reindeer/mammal/snow/travels far through the snow of the north|Rhinoceros/mammal/Africa/has horns of hair
Salmon/fish/river/travels up the river where it was born|Scorpion/animal/desert/glows under dark light and kills with poison|Sea Turtle/reptile/sea/travels by sea to the beach where it was born
Seahorse/fish/sea/lets the father carry the eggs|Shark/fish/sea/smells blood in the sea from far away|Sloth/mammal/forest/moves slower than any other mammal
Spider/animal/farm/catches insects in its web|Squid/animal/sea/flees in a cloud of ink|Squirrel/mammal/forest/hides nuts for the winter
Stork/bird/farm/travels to Africa each winter|Swallow/bird/farm/travels to Africa each winter and returns|Tiger/mammal/India/hunts alone in the jungle
Tortoise/reptile/island/lives longer than people|Wolf/mammal/forest/hunts in families in the forest|Zebra/mammal/Africa/has stripes that confuse flies
"""


def cells(table, separator):
    for line in table.strip().splitlines():
        for cell in line.split("|"):
            yield cell.split(separator)


def facts():
    """All facts in a fixed order: (kind, subject, year or None, tags, checked or None, text, more metadata)."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "facts.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            kind, subject, year, tags, checked, text = line.rstrip("\n").split("|")
            yield (kind, subject, None if year == "-" else int(year), [] if tags == "-" else tags.split(","),
                   None if checked == "-" else checked == "yes", text, {})
    for symbol, name, family, phase, year in cells(ELEMENTS, " "):
        when = "known since antiquity" if year == "-" else "found in " + year
        yield ("element", name, None if year == "-" else int(year), [family, phase], True,
               f"{name} is a chemical element, a {phase} of the {family} family, {when}", {"symbol": symbol})
    for name, capital, continent, *island in cells(COUNTRIES, "/"):
        text = f"{capital} is the capital city of {name}" + (", an island country" if island else ", a country") + f" in {continent}"
        yield "country", name, None, ["capital", continent.lower()] + island, True, text, {"island": bool(island)}
    for name, group, place, habit in cells(ANIMALS, "/"):
        yield "animal", name, None, [group, place.lower()], None, f"The {name.lower()} {habit}", {"legs": LEGS[group]} if group in LEGS else {}


LEGS = {"bird": 2, "insect": 6, "fish": 0, "amphibian": 4}


def words(text):
    for word in re.findall(r"[^\W_]+", text.lower()):
        if word not in LITTLE:
            for ending in ("ing", "es", "ed", "s"):
                if word.endswith(ending) and len(word) - len(ending) >= 3:
                    word = word[: -len(ending)]
                    break
            yield word


def direction(word):
    h = 0xCBF29CE484222325
    for byte in word.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    h = ((h ^ (h >> 31)) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    h ^= h >> 32
    return [1 if h >> i & 1 else -1 for i in range(DIMENSION)]


def vocabulary(texts):
    """The words that at least two texts have."""
    count = {}
    for text in texts:
        for word in set(words(text)):
            count[word] = count.get(word, 0) + 1
    return {word for word, n in count.items() if n > 1}


def embed(text, known):
    total = [0] * DIMENSION
    for word in sorted(set(words(text)) & known):
        for i, component in enumerate(direction(word)):
            total[i] += component
    length = math.sqrt(sum(x * x for x in total)) or 1.0
    return [round(x / length, 6) for x in total]


def full_text(fact):
    kind, _, _, tags, _, text, _ = fact
    return " ".join([text, kind, *tags])


def record(fact, known):
    kind, subject, year, tags, checked, text, more = fact
    metadata = {"kind": kind, "subject": subject, "text": text, **more}
    if year is not None:
        metadata["year"] = year
    if tags:
        metadata["tags"] = tags
    if checked is not None:
        metadata["checked"] = checked
    name = re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")
    return {"id": f"{kind}-{name}", "values": embed(full_text(fact), known), "metadata": metadata}


def text_record(full):
    """A record as people have it who have no vectors yet."""
    metadata = full["metadata"]
    return {"id": full["id"], "text": metadata["text"], **{name: metadata[name] for name in ("kind", "year") if name in metadata}}


QUERIES = ["animals that hunt at night", "a war novel", "capital of an island country", "a gas", "love in italy",
           "travel by sea", "the science of the planets", "a detective solves a crime"]


def write(name, rows):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    known = vocabulary(full_text(fact) for fact in facts())
    if len(sys.argv) > 1:
        print(json.dumps(embed(" ".join(sys.argv[1:]), known), separators=(",", ":")))
        return
    records = [record(fact, known) for fact in facts()]
    ids = [r["id"] for r in records]
    assert len(set(ids)) == len(ids), "ids must differ"
    write("facts.jsonl", records)
    write("texts.jsonl", [text_record(r) for r in records])
    write("queries.jsonl", [{"id": q, "vector": embed(q, known), "top_k": 3} for q in QUERIES])


if __name__ == "__main__":
    main()
