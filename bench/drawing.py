"""Curves as SVG, drawn by gnuplot."""

import os
import subprocess

# Lines that can be told apart without colours too.
STYLE = """
set terminal svg size 640,400 dynamic font "sans-serif,13" background "white" name "%s"
set key outside bottom center horizontal
set grid lc rgb "#cccccc"
set border 3
set tics nomirror
set yrange [0:*]
"""
COLOURS = ("#1b6ca8", "#c2452d", "#3f7f3f", "#7a4fa3")


def draw(folder, name, x_label, y_label, series, log_x=False, log_y=False):
    series = {label: points for label, points in series.items() if points}
    script = STYLE % name.replace("-", "_") + f"set output '{os.path.join(folder, name)}.svg'\nset xlabel '{x_label}'\nset ylabel '{y_label}'\n"
    if log_x:
        script += "set logscale x\n"
    if log_y:
        script += "set yrange [*:*]\nset logscale y\n"
    script += "plot " + ", ".join(f"'-' with linespoints lw 2 pt {number + 4} lc rgb '{COLOURS[number]}' title '{label}'"
                                  for number, label in enumerate(series)) + "\n"
    for points in series.values():
        script += "".join(f"{x} {y}\n" for x, y in points) + "e\n"
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
