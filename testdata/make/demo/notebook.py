"""Write notebooks/explore.ipynb and execute it for real.

    python notebook.py
"""

import pathlib

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = [
    new_markdown_cell("# Which flights arrive late?\n\nA first look at `data/flights.parquet`, "
                      "and how far the models are."),
    new_code_cell("import pandas as pd\n\n"
                  "flights = pd.read_parquet('data/flights.parquet')\nflights.shape"),
    new_code_cell("flights['arr_delay'].describe().round(2)"),
    new_markdown_cell("Cancelled flights have no arrival: they are left out of training."),
    new_code_cell("arrived = flights.dropna(subset=['arr_delay'])\n"
                  "late = arrived['arr_delay'] > 15\n"
                  "late.groupby(arrived['month']).mean().round(3)"),
    new_code_cell("by_carrier = late.groupby(arrived['carrier']).agg(['mean', 'size'])\n"
                  "by_carrier.sort_values('mean', ascending=False).head(6).round(3)"),
    new_code_cell("import mlflow\n\n"
                  "mlflow.set_tracking_uri('sqlite:///mlflow.db')\n"
                  "runs = mlflow.search_runs(experiment_names=['late arrivals'])\n"
                  "best = runs.dropna(subset=['metrics.auc'])"
                  ".sort_values('metrics.auc', ascending=False)\n"
                  "best[['run_id', 'tags.mlflow.runName', 'metrics.auc']].head(5)"),
    new_markdown_cell("The first of these knows the departure delay, which nobody has in time."),
]


def main():
    for number, cell in enumerate(CELLS):
        cell["id"] = f"cell-{number}"
    book = new_notebook(cells=CELLS, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}})
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    folder = pathlib.Path("notebooks")
    folder.mkdir()
    nbformat.write(book, folder / "explore.ipynb")


if __name__ == "__main__":
    main()
