"""Checks of the page in a browser: one function each, with a line that says what holds."""

import json
import re
import time

from browser import Keys

NEWSPAPER = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLUTION = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
VIEWS = ("solve", "play", "arc", "runs")


def solved(browser):
    browser.wait(lambda: "".join(browser.cells()) == SOLUTION and "Solved" in browser.message(), "the solved board")


def paste_a_line(browser, site):
    """A pasted line of 81 cells is solved, and the steps can be walked through"""
    browser.open(site.url)
    browser.find(".board .cell").click()
    browser.paste(NEWSPAPER)
    solved(browser)
    slider = browser.find(".player input")
    last = int(slider.get_attribute("max"))
    assert last >= 1, last
    slider.send_keys(Keys.HOME)
    assert "".join(cell or "." for cell in browser.cells()) == NEWSPAPER, browser.cells()
    slider.send_keys(Keys.ARROW_RIGHT)
    assert slider.get_attribute("value") == "1"
    assert browser.find(".count").text == f"Step 1 of {last}"
    assert len(browser.all(".stage .cell.changed")) > 20
    browser.find(".player [aria-label='Play the steps']").click()
    browser.wait(lambda: slider.get_attribute("value") == str(last), "the last step")
    charts = browser.all(".charts .chart path.line")
    assert len(charts) == 4, len(charts)


def puzzle_in_the_link(browser, site):
    """A link holds the puzzle, and a reload keeps it"""
    browser.open(f"{site.url}#solve?puzzle={NEWSPAPER}")
    solved(browser)
    browser.web.refresh()
    solved(browser)
    assert NEWSPAPER in browser.web.current_url


def conflict_is_marked(browser, site):
    """Two equal digits in a row are marked while typing, and the model is not asked"""
    browser.open(site.url)
    browser.find(".stage .cell").click()
    browser.keys("8", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "8")
    browser.wait(lambda: len(browser.all(".stage .cell[aria-invalid=true]")) == 2, "two marked cells")
    browser.wait(lambda: "twice in row 1" in browser.message(), "the server's explanation")
    browser.keys(Keys.ENTER)
    assert browser.all(".player[hidden]")
    browser.keys(Keys.BACKSPACE)
    browser.wait(lambda: not browser.all(".stage .cell[aria-invalid=true]"), "no marks")


def keyboard_alone(browser, site):
    """A puzzle is typed, solved and looked at with the keyboard alone"""
    browser.open(site.url)
    browser.find(".stage .board")
    for _ in range(20):
        browser.keys(Keys.TAB)
        if browser.script("return document.activeElement.matches('.stage .cell')"):
            break
    else:
        raise AssertionError("the board cannot be reached with Tab")
    browser.keys(Keys.CONTROL + Keys.HOME + Keys.CONTROL)
    for row in range(9):
        if row:
            browser.keys(Keys.ARROW_DOWN, Keys.HOME)
        for column, letter in enumerate(NEWSPAPER[9 * row:9 * row + 9]):
            if column:
                browser.keys(Keys.ARROW_RIGHT)
            if letter != ".":
                browser.keys(letter)
    browser.keys(Keys.ENTER)
    solved(browser)
    assert browser.script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def other_boards(browser, site):
    """Every board of a model is generated and solved; a maze is drawn by hand"""
    browser.open(site.url)
    browser.wait(lambda: len(browser.all("#main select option")) > 6, "the boards")
    for name in ("Sudoku 4×4", "Sudoku 6×6, wide boxes", "Maze 9×9"):
        browser.script("""
            const box = [...document.querySelectorAll("select")].find((one) => [...one.options].some((option) => option.text === arguments[0]));
            box.value = [...box.options].find((option) => option.text === arguments[0]).value;
            box.dispatchEvent(new Event("change"));
        """, name)
        browser.button("Generate").click()
        browser.wait(lambda: re.search("givens|shortest path", browser.message()), f"a generated {name}")
        browser.button("Solve").click()
        browser.wait(lambda: re.search("^(Solved|Not solved)", browser.message()), f"an answer for {name}")
    browser.find(".pad [data-symbol='#']").click()
    cell = browser.all(".stage .cell")[40]
    cell.click()
    browser.wait(lambda: "wall" in cell.get_attribute("aria-label"), "the drawn wall")


def notation(browser, site):
    """A drawing is read, and a text that is no puzzle is explained"""
    browser.open(site.url)
    text = browser.find("textarea")
    drawing = "\n".join(" ".join(NEWSPAPER[9 * row:9 * row + 9]) for row in range(9))
    browser.script("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", text, drawing)
    browser.wait(lambda: "".join(cell or "." for cell in browser.cells()) == NEWSPAPER, "the drawn board")
    browser.wait(lambda: "exactly one solution" in browser.message(), "the number of solutions")
    browser.script("arguments[0].value = 'hello'; arguments[0].dispatchEvent(new Event('input'))", text)
    browser.wait(lambda: browser.all("main .message.bad"), "the explanation")


def export(browser, site):
    """Pictures, the animation and the data are saved"""
    browser.open(f"{site.url}#solve?puzzle={NEWSPAPER}")
    solved(browser)
    beginnings = {"svg": b"<", "png": b"\x89PNG", "gif": b"GIF89a", "json": b"{"}
    for kind, beginning in beginnings.items():
        browser.wait(lambda: browser.find(f"[data-export={kind}]").is_displayed(), kind)
        browser.find(f"[data-export={kind}]").click()
        path = site.downloads / f"sudoku-thinking.{kind}"
        browser.wait(path.exists, f"the file {path.name}")
        content = browser.wait(path.read_bytes, f"the content of {path.name}")
        assert content.startswith(beginning), (kind, content[:20])
        if kind == "json":
            record = json.loads(content)
            assert record["result"]["answer"] == SOLUTION and len(record["steps"]) == record["result"]["steps"]


def game_and_race(browser, site):
    """A game has pencil marks, undo and hints, and the model can win a race"""
    browser.open(f"{site.url}#play?puzzle={NEWSPAPER}")
    browser.wait(lambda: "".join(cell or "." for cell in browser.cells()) == NEWSPAPER, "the board to play")
    cell = browser.all(".stage .cell")[2]
    cell.click()
    browser.chord(Keys.SHIFT, "4")
    browser.wait(lambda: "candidates 4" in cell.get_attribute("aria-label"), "a pencil mark")
    browser.keys("4")
    assert cell.text == "4", cell.text
    browser.chord(Keys.CONTROL, "z")
    assert "candidates 4" in cell.get_attribute("aria-label")
    browser.button("Redo").click()
    assert cell.text == "4", cell.text
    browser.button("Hint").click()
    browser.wait(lambda: "The model would" in browser.message(), "the hint")
    browser.button("Do it").click()
    browser.wait(lambda: sum(map(bool, browser.cells())) == 32, "the hint's digit")
    browser.script("""
        const pace = [...document.querySelectorAll("select")].find((one) => [...one.options].some((option) => option.text === "Its own speed"));
        pace.value = "0";
    """)
    browser.button("Race the model").click()
    browser.wait(lambda: "The model won" in browser.message(), "the model's victory")
    assert "".join(browser.cells(".small-board .board")) == SOLUTION
    # The game goes on: the person finishes.
    for index, digit in enumerate(SOLUTION):
        if NEWSPAPER[index] == ".":
            browser.script("document.querySelectorAll('.stage .cell')[arguments[0]].focus()", index)
            browser.keys(digit)
    assert "".join(browser.cells()) == SOLUTION


def race_that_a_person_wins(browser, site):
    """A person wins a race against a slow model"""
    browser.open(f"{site.url}#play?puzzle={NEWSPAPER}")
    browser.wait(lambda: "".join(cell or "." for cell in browser.cells()) == NEWSPAPER, "the board to play")
    browser.button("Race the model").click()
    for index, digit in enumerate(SOLUTION):
        if NEWSPAPER[index] == ".":
            browser.script("document.querySelectorAll('.stage .cell')[arguments[0]].focus()", index)
            browser.keys(digit)
    browser.wait(lambda: "You won" in browser.message(), "the victory")


def arc_editor(browser, site):
    """The ARC editor draws, fills, copies and resizes; a right answer is told; a task is learned"""
    browser.open(f"{site.url}#arc")
    browser.find(".editor .cell")
    browser.button("Copy input").click()
    spoken = lambda: [c.get_attribute("aria-label") for c in browser.all(".editor .cell")]
    assert any("yellow" in label for label in spoken())
    browser.button("Clear").click()
    assert not any("yellow" in label for label in spoken())
    browser.find(".editor .cell").click()
    browser.wait(lambda: "blue" in spoken()[0], "a drawn cell")
    browser.button("Fill").click()
    browser.find(".pad.arc [aria-label=red]").click()
    browser.all(".editor .cell")[-1].click()
    browser.wait(lambda: sum("red" in label for label in spoken()) == 11, "filled cells")
    rows = browser.find(".size input[aria-label=Rows]")
    browser.script("arguments[0].value = 4; arguments[0].dispatchEvent(new Event('change'))", rows)
    browser.wait(lambda: len(spoken()) == 16, "a fourth row")
    browser.script("arguments[0].value = 3; arguments[0].dispatchEvent(new Event('change'))", rows)
    browser.wait(lambda: len(spoken()) == 12, "three rows")
    for cell, color in enumerate("004000440004"):
        browser.script("document.querySelectorAll('.editor .cell')[arguments[0]].focus()", cell)
        browser.keys(color)
    browser.button("Draw").click()
    for cell, color in enumerate("004000440004"):
        browser.script("document.querySelectorAll('.editor .cell')[arguments[0]].focus()", cell)
        browser.keys(color)
    browser.wait(lambda: browser.all(".attempts .good-text"), "the right answer")
    steps = browser.find("input[type=number][max='20000']")
    browser.script("arguments[0].value = 40", steps)
    browser.button("Learn this task").click()
    browser.wait(lambda: len(browser.all(".attempts .arc-grid")) >= 3, "attempts")
    browser.wait(lambda: browser.button("Learn this task"), "the end of the learning")
    browser.wait(lambda: "Learned" in browser.message() or "40 steps" in browser.find("progress + .hint").text, "the result")
    assert browser.all(".chart path.line"), "no curve"


def live_runs(browser, site):
    """A training's curve grows, survives a reload, and a killed run says so"""
    training = site.train("live")
    browser.open(f"{site.url}#runs")
    points = lambda: browser.script("return Number(document.querySelector(\".chart[data-metric='train/lm_loss']\")?.dataset.last ?? 0)")
    state = lambda name: browser.script("""
        const item = [...document.querySelectorAll(".run")].find((one) => one.querySelector("label").textContent === arguments[0]);
        return item?.querySelector(".state").textContent ?? "";
    """, name)
    first = browser.wait(points, "the first values")
    assert state("live") == "training", state("live")
    second = browser.wait(lambda: points() > first and points(), "a curve that grows")
    browser.web.refresh()
    browser.wait(lambda: points() >= second, "all values after a reload")
    browser.wait(lambda: points() > second, "a curve that goes on growing")
    training.kill()
    training.wait()
    browser.wait(lambda: state("live") == "killed", "that the run was killed")
    # Another run is laid over it.
    site.train("other", steps=60, seed=1).wait()
    browser.wait(lambda: state("other") == "done", "the second run")
    for box in browser.all(".run input[type=checkbox]"):
        if not box.is_selected():
            box.click()
    browser.wait(lambda: len(browser.all(".chart[data-metric='train/lm_loss'] path.line")) == 2, "two curves")
    browser.wait(lambda: "seed" in browser.find(".runs table").text, "the difference in seeds")
    browser.wait(lambda: browser.all(".samples img") and browser.script("return [...document.querySelectorAll('.samples img')].some((one) => one.naturalWidth > 0)"), "a sample")


def plot_file(browser, site):
    """A file of 'hrm plot --html' has the curves without a server"""
    file = site.folder / "curves.html"
    site.call("plot", site.runs / "live", site.runs / "other", "--html", file)
    browser.open(file.as_uri())
    browser.wait(lambda: len(browser.all(".chart[data-metric='train/lm_loss'] path.line")) == 2, "two curves")
    assert "other" in browser.find("h1").text


def lost_connection(browser, site):
    """A server that restarts loses nothing of a training's curve"""
    training = site.train("steady")
    browser.open(f"{site.url}#runs?show=steady")
    points = lambda: browser.script("return Number(document.querySelector(\".chart[data-metric='train/lm_loss']\")?.dataset.last ?? 0)")
    before = browser.wait(points, "the first values")
    site.restart()
    browser.wait(lambda: points() > before, "later values")
    browser.failures = [one for one in browser.failures if "ERR_CONNECTION_REFUSED" not in one]
    browser.collect()
    # What failed while there was no server is what this check is about.
    browser.failures = [one for one in browser.failures if not re.search("ERR_(CONNECTION|INCOMPLETE|EMPTY)", one)]
    training.terminate()
    training.wait()


def trace_file(browser, site):
    """A file of 'hrm trace --html' replays without a server"""
    browser.open(site.trace.as_uri())
    browser.wait(lambda: "".join(browser.cells()) == SOLUTION, "the last step")
    browser.find(".player input").send_keys(Keys.HOME)
    assert "".join(cell or "." for cell in browser.cells()) == NEWSPAPER
    browser.find(".player [aria-label='Play the steps']").click()
    browser.wait(lambda: "".join(browser.cells()) == SOLUTION, "the replay")


def appearance(browser, site):
    """Nothing is wider than the window, and axe-core finds nothing, in light and dark"""
    fragments = {view: f"#{view}" for view in VIEWS}
    fragments["solve"] += f"?puzzle={NEWSPAPER}"
    pages = {view: site.url + fragment for view, fragment in fragments.items()} | {"trace": site.trace.as_uri()}
    findings = []
    for dark in (False, True):
        browser.set_colors(dark, reduced_motion=True)
        for view, url in pages.items():
            for width in (1280, 768, 360):
                browser.set_width(width)
                browser.open(url)
                if view in ("solve", "trace"):
                    browser.wait(lambda: "".join(browser.cells()) == SOLUTION, "the solved board")
                else:
                    browser.wait(lambda: browser.all("main .board, main .run, main .empty"), f"the view {view}")
                time.sleep(0.4)  # for pictures to look at; nothing is asserted about it
                over = browser.script("return document.documentElement.scrollWidth - innerWidth")
                if over > 0:
                    findings.append(f"{view} at {width}: {over} pixels too wide")
                if site.shots:
                    browser.screenshot(site.shots / f"{view}-{width}-{'dark' if dark else 'light'}.png")
                if width != 768:
                    findings += [f"{view} at {width}, {'dark' if dark else 'light'}: {one}" for one in browser.accessibility(site.axe)]
    browser.set_colors(False)
    browser.set_width(1280)
    assert not findings, "\n".join(findings)


def first_board(browser, site):
    """The first board is drawn (the time is told, not judged)"""
    times = []
    for _ in range(5):
        browser.open(site.url)
        browser.find(".board .cell")
        times.append(browser.script("""
            const page = performance.getEntriesByType("navigation")[0];
            return [performance.getEntriesByName("board")[0].startTime - page.responseEnd,
                    performance.getEntriesByName("first-contentful-paint")[0]?.startTime - page.responseEnd];
        """))
    times.sort()
    print(f"    the board stands {times[2][0]:.0f} ms after the page's bytes, first paint {times[2][1]:.0f} ms (median of 5)")


ALL = (paste_a_line, puzzle_in_the_link, conflict_is_marked, keyboard_alone, other_boards, notation, export, game_and_race,
       race_that_a_person_wins, arc_editor, live_runs, plot_file,
       lost_connection, trace_file, appearance, first_board)
