"""The distribution: every folder in it, nothing else, and light to import."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
HEAVY = {"scrapy", "twisted", "pandas", "numpy", "sqlmodel", "sqlalchemy", "pydantic", "duckdb"}


def modules_after(code: str) -> set[str]:
    """Return the top-level modules that are loaded after running some code."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.splitlines()[-1].split())


def test_every_package_of_the_tree_is_in_the_distribution() -> None:
    folders = {
        str(folder.relative_to(ROOT))
        for top in ("plugins", "spiders", "db")
        for folder in (ROOT / top).glob("ccgcii_*")
        if (folder / "__init__.py").exists()
    }
    assert folders | {"ccgcii"} == set(PACKAGES)


def test_the_three_top_folders_are_not_packages() -> None:
    for top in ("plugins", "spiders", "db"):
        assert not (ROOT / top / "__init__.py").exists()


def test_each_built_in_plugin_has_an_entry_point_and_an_import_contract() -> None:
    modules = {Path(package).name for package in PACKAGES} - {"ccgcii", "ccgcii_db"}
    assert set(PROJECT["project"]["entry-points"]["ccgcii"].values()) == modules
    assert modules < set(PROJECT["tool"]["importlinter"]["root_packages"])


@pytest.mark.slow
def test_a_wheel_holds_only_names_of_ours_and_its_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {Path(package).name for package in PACKAGES}
    assert "ccgcii/catalogues/cities.csv" in names
    assert "ccgcii/templates/ccgcii.toml" in names
    assert "ccgcii/recipes/ccgcii-2020.toml" in names
    assert "ccgcii_db/migrations/versions/0001_first.py" in names
    assert "ccgcii/py.typed" in names


def test_importing_ccgcii_loads_nothing_heavy() -> None:
    assert not modules_after("import ccgcii") & (HEAVY | {"rich", "click"})


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['ccgcii', '--help']\n"
        "from ccgcii.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert not modules_after(code) & HEAVY


def test_scoring_a_table_never_loads_scrapy() -> None:
    code = "from ccgcii.plugins import Plugins\nPlugins.load().methods()"
    assert "scrapy" not in modules_after(code)


def test_every_public_name_loads() -> None:
    code = "import ccgcii\nfor name in ccgcii.__all__:\n    getattr(ccgcii, name)"
    assert "ccgcii" in modules_after(code)


def test_no_file_of_the_project_names_a_package_registry() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org")
    tracked = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    guilty = [
        name
        for name in tracked
        if any(host in (ROOT / name).read_text(encoding="utf-8", errors="ignore") for host in hosts)
    ]
    assert not guilty
