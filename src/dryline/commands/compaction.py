"""`dryline compaction`: a compaction law from press data, as a recipe that a run takes."""

from __future__ import annotations

import json as json_text
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dryline.materials.recipe import Recipe
    from dryline.process.press_fit import Fitted, Recovery

CALENDER = 0.25
"""Radius [m] of the calender rolls on which the exponential law is shown."""
LABELS = {
    "P_y": ("yield pressure P_y", 1e-6, "MPa"), "eps_A": ("rearrangement porosity eps_A", 1.0, ""),
    "compressibility": ("power exponent K below the line", 1.0, ""), "a": ("largest volume reduction a", 1.0, ""),
    "b_inverse": ("pressure 1/b", 1e-6, "MPa"), "loose": ("relative density without pressure", 1.0, ""),
    "exponent": ("exponent K", 1.0, ""), "reference_density": ("reference density", 1.0, ""),
    "reference_pressure": ("pressure there", 1e-6, "MPa"), "E_el": ("recovery modulus E_el", 1e-6, "MPa"),
}  # fmt: skip


class FitLaw(StrEnum):
    """Laws that can be fitted."""

    heckel = "heckel"
    kawakita = "kawakita"
    power = "power"
    table = "table"


def compaction(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="CSV file: pressure (MPa), and density (g/cm3), porosity (%) or height (mm).")
    ],
    fit: Annotated[FitLaw, typer.Option(help="Law to fit.")] = FitLaw.heckel,
    recipe: Annotated[str | None, typer.Option(help="Recipe that the powder was made to: true density, other figures.")] = None,
    true_density: Annotated[str | None, typer.Option(help="True density of the mix, e.g. '3.47 g/cm**3'.")] = None,
    areal_mass: Annotated[str | None, typer.Option(help="Areal mass in the die, for heights, e.g. '300 mg/cm**2'.")] = None,
    temperature: Annotated[str | None, typer.Option(help="Temperature of the test; default the recipe's cold one.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a copy of the recipe with this law (.yaml).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Fit a compaction law to press data, and write a recipe with it."""
    from dryline.commands.words import refuse
    from dryline.line.load import InputError, load_recipe
    from dryline.line.press_data import read_press
    from dryline.process import press_fit

    try:
        mix = None if recipe is None else load_recipe(recipe)
        if out is not None and mix is None:
            raise InputError("--out", None, "", "needs the recipe that is copied; give --recipe")
        density = _si("--true-density", true_density, "kg/m**3") or (mix.true_density if mix else None)
        press = read_press(data, density, _si("--areal-mass", areal_mass, "kg/m**2"))
        try:
            loose = mix.powder.bulk_density / mix.true_density if mix else None
            exponent = mix.powder.compressibility if mix else 12.0
            found = press_fit.fit(fit.value, press.pressure, press.density, exponent=exponent, loose=loose)
            back = press_fit.recovery(press.pressure_back, press.density_back) if press.pressure_back.size else None
        except ValueError as error:
            raise InputError(str(data), None, "", str(error)) from None
        if out is not None and mix is not None and recipe is not None:
            _write(out, recipe, mix, found, back, _si("--temperature", temperature, "K"), data)
    except InputError as error:
        refuse(error)
    _tell(found, back, mix, out, json)


def _si(option: str, text: str | None, unit: str) -> float | None:
    from dryline.line.load import InputError
    from dryline.line.quantities import si

    if text is None:
        return None
    try:
        value = si(text, unit)
    except ValueError as error:
        raise InputError(option, None, "", str(error)) from None
    if value <= 0.0:
        raise InputError(option, None, "", f"{text!r} must be above zero")
    return value


def _write(
    out: Path, recipe: str, mix: Recipe, found: Fitted, back: Recovery | None, temperature: float | None, data: Path
) -> None:
    """Write the recipe: figures at the temperature of the test, carried to its two temperatures in its own proportions."""
    from dryline.line.load import InputError, recipe_path
    from dryline.line.recipe_copy import with_compaction, write_recipe

    c = mix.compaction
    cold, hot = c.temperature
    share = 0.0 if temperature is None else (temperature - cold) / (hot - cold)
    if not -0.25 <= share <= 1.25:
        problem = f"is far from the recipe's {cold - 273.15:.0f} and {hot - 273.15:.0f} degC; give the one of the test"
        raise InputError("--temperature", None, "", problem)

    def both(value: float, pair: tuple[float, float]) -> tuple[float, float]:
        first = value / (1.0 + share * (pair[1] / pair[0] - 1.0))
        return first, first * pair[1] / pair[0]

    def pressures(pair: tuple[float, ...]) -> str:
        return f"[{', '.join(f'{1e-6 * value:.6g} MPa' for value in pair)}]"

    figures = {"law": found.law, "temperature": f"[{cold - 273.15:.6g} degC, {hot - 273.15:.6g} degC]"}
    modulus = c.E_el if back is None else both(back.E_el.value, c.E_el)
    of = {name: figure.value for name, figure in found.figures.items()}
    compressibility = None
    if found.law == "heckel":
        warm = c.eps_A[1] - c.eps_A[0]
        first = of["eps_A"] - share * warm
        figures |= {"P_y": pressures(both(of["P_y"], c.P_y)), "eps_A": f"[{first:.5g}, {first + warm:.5g}]"}
        compressibility = of["compressibility"] if found.figures["compressibility"].error > 0.0 else None
    elif found.law == "kawakita":
        figures |= {"a": f"{of['a']:.6g}", "b_inverse": pressures(both(of["b_inverse"], c.P_y))}
    elif found.law == "power":
        figures |= {
            "exponent": f"{of['exponent']:.6g}", "reference_density": f"{of['reference_density']:.4g}",
            "reference_pressure": pressures(both(of["reference_pressure"], c.P_y)),
        }  # fmt: skip
    else:
        factor = both(1.0, c.P_y)
        density, pressure = found.rows
        figures |= {
            "factor": f"[{factor[0]:.6g}, {factor[1]:.6g}]", "density": f"[{', '.join(f'{D:.6g}' for D in density)}]",
            "pressure": pressures(pressure),
        }  # fmt: skip
    figures["E_el"] = pressures(modulus)
    note = f"{found.law} law fitted to {data.name}, RMS {100.0 * found.residual:.2g} porosity points"
    write_recipe(out, with_compaction(recipe_path(recipe), figures, compressibility, note))


def _tell(found: Fitted, back: Recovery | None, mix: Recipe | None, out: Path | None, json: bool) -> None:
    figures = dict(found.figures) | ({} if back is None else {"E_el": back.E_el})
    view = _view(found, back, mix)
    if json:
        told: dict[str, Any] = {
            "law": found.law,
            "figures": {name: {"value": f.value, "standard_error": f.error} for name, f in figures.items()},
            "rms_porosity": found.residual, "pressure_range_Pa": found.pressure, "relative_density_range": found.density,
            "rows": {"relative_density": found.rows[0], "pressure_Pa": found.rows[1]},
            "rms_porosity_unloading": None if back is None else back.residual,
            "exponential": view, "recipe": None if out is None else str(out),
        }  # fmt: skip
        typer.echo(json_text.dumps(told, indent=2))
        return
    typer.echo(f"{found.law} law, RMS residual {100.0 * found.residual:.2g} porosity points")
    for name, figure in figures.items():
        label, factor, unit = LABELS[name]
        spread = f"± {factor * figure.error:.2g}" if figure.error > 0.0 else "(given)"
        typer.echo(f"  {label:34s} {factor * figure.value:10.5g} {spread} {unit}".rstrip())
    for D, p in zip(*found.rows, strict=True):
        typer.echo(f"  relative density {D:.4f}  {1e-6 * p:10.5g} MPa")
    (low, high), (loose, dense) = found.pressure, found.density
    typer.echo(
        f"holds from {1e-6 * low:.3g} to {1e-6 * high:.4g} MPa, porosity {100 * (1 - loose):.1f} to {100 * (1 - dense):.1f} %; "
        "beyond it is extrapolated"
    )
    if back is None:
        typer.echo("no unloading branch: the recovery modulus stays that of the recipe")
    if view is not None:
        typer.echo(
            f"seen as a coating never pressed, on rolls of {200.0 * CALENDER:.0f} cm: gamma_c "
            f"{1e-3 * view['gamma_c_N_m']:.0f} N/mm, eps_min {100.0 * view['eps_min']:.1f} %, eps_0 {100.0 * view['eps_0']:.1f} %"
        )
    if out is not None:
        typer.echo(f"recipe: {out} (use it with dryline run --recipe {out})")


def _view(found: Fitted, back: Recovery | None, mix: Recipe | None) -> dict[str, float] | None:
    """Exponential calendering law of a coating of the recipe's loading, where Heckel's law was fitted."""
    if found.law != "heckel" or mix is None:
        return None
    from dryline.process.calendering import exponential_view

    eps_0, P_y = found.figures["eps_A"].value, found.figures["P_y"].value
    E_el = mix.compaction.E_el[0] if back is None else back.E_el.value
    seen = exponential_view(eps_0, P_y, E_el, CALENDER, mix.loading / mix.true_density / (1.0 - eps_0))
    return {"gamma_c_N_m": seen.gamma_c, "eps_min": seen.eps_min, "eps_0": seen.eps_0, "rms_porosity": seen.residual}
