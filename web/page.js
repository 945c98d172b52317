// The page: questions, the tree, a file, and ways to take the project.
"use strict";

(() => {
  const { questions, groups, presets } = template;
  const options = questions._options;
  const prompts = questions.__prompts__;
  const REST = "What else";
  const $ = (id) => document.getElementById(id);
  const number = new Intl.NumberFormat("en");

  // The answers that were given, as texts, without those that are the default's.
  let given = {};
  // What is looked at: it is kept with the browser's history, not in the link.
  let view = {
    file: "{{cookiecutter.project_slug}}/__init__.py",
    open: ["{{cookiecutter.project_slug}}"],
    program: "uvx",
    shell: /Win/.test(navigator.platform) ? "powershell" : "posix",
    find: "",
  };
  let now = new Map();
  let before = now;
  // The field whose letters are one change.
  let typing = null;
  // The answers that the shown project has: never one that is refused.
  let answers;

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null && value !== false) {
        made.setAttribute(name, value === true ? "" : value);
      }
    }
    made.append(...children);
    return made;
  }

  function counted(amount, one, many = `${one}s`) {
    return `${number.format(amount)} ${Math.abs(amount) === 1 ? one : many}`;
  }

  // The questions.

  function grouped() {
    const named = Object.values(groups).flat();
    const rest = project.keys.filter((key) => !named.includes(key));
    return Object.entries({ ...groups, [REST]: rest })
      .map(([title, keys]) => [title, keys.filter((key) => project.keys.includes(key))])
      .filter(([, keys]) => keys.length);
  }

  function showQuestions() {
    for (const [title, keys] of grouped()) {
      const legend = element("legend", {}, title);
      $("questions").append(element("fieldset", { class: "group" }, legend, ...keys.map(question)));
    }
  }

  function question(key) {
    if (!(key in options)) {
      return textQuestion(key);
    }
    return "yes" in options[key].values ? switchQuestion(key) : choiceQuestion(key);
  }

  function notes(key) {
    return [
      element("p", { class: "flash", id: `note-${key}`, hidden: true }),
      element("p", { class: "errors", id: `fault-${key}`, hidden: true }),
    ];
  }

  function textQuestion(key) {
    const input = element("input", {
      id: key,
      name: key,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `fault-${key}`,
    });
    input.addEventListener("input", () => answer(key, input.value, true));
    input.addEventListener("blur", () => (typing = null));
    return element(
      "div",
      { class: "field" },
      element("label", { for: key }, prompts[key]),
      input,
      ...notes(key),
    );
  }

  /** A wording such as "HTML pages: templates, forms" with its subject in bold. */
  function worded(text) {
    const [subject, ...rest] = text.split(": ");
    const said = rest.length ? [`: ${rest.join(": ")}`] : [];
    return [element("strong", {}, subject), ...said];
  }

  function switchQuestion(key) {
    const input = element("input", {
      id: key,
      name: key,
      type: "checkbox",
      "aria-describedby": `weight-${key}-yes note-${key} fault-${key}`,
    });
    input.addEventListener("change", () => answer(key, input.checked ? "yes" : "no"));
    return element("div", { class: "switch" }, choice(input, worded(prompts[key]), "yes"), ...notes(key));
  }

  function choiceQuestion(key) {
    const { __prompt__: title, ...wordings } = prompts[key];
    const rows = questions[key].map((value) => {
      const input = element("input", {
        id: `${key}-${value}`,
        name: key,
        value,
        type: "radio",
        "aria-describedby": `weight-${key}-${value} note-${key} fault-${key}`,
      });
      input.addEventListener("change", () => answer(key, value));
      return choice(input, [wordings[value]], value);
    });
    const legend = element("legend", {}, title);
    return element("fieldset", { class: "choices" }, legend, ...rows, ...notes(key));
  }

  function isLeast(option, value) {
    return rules.valueOf(option, value) === rules.valueOf(option, options[option].before);
  }

  function choice(input, wording, value) {
    return element(
      "div",
      { class: "choice" },
      input,
      element("label", { for: input.id }, ...wording),
      // A blank keeps the place of what is to come, so that nothing moves.
      element("span", { class: "weight", id: `weight-${input.name}-${value}` }, isLeast(input.name, value) ? "" : "\u00a0"),
    );
  }

  function showAnswers() {
    for (const key of project.keys) {
      const value = given[key] ?? project.standard(key);
      if (!(key in options)) {
        if ($(key).value !== (given[key] ?? "")) {
          $(key).value = given[key] ?? "";
        }
      } else if ("yes" in options[key].values) {
        $(key).checked = rules.valueOf(key, value) === "yes";
      } else {
        for (const input of $("questions").elements[key]) {
          input.checked = input.value === rules.valueOf(key, value);
        }
      }
    }
    for (const key of project.keys.filter((each) => !(each in options))) {
      $(key).placeholder = key === "project_slug" ? slug() : project.standard(key);
    }
    for (const [place, preset] of presets.entries()) {
      $("presets").children[place].setAttribute("aria-pressed", isChosen(preset));
    }
  }

  function slug() {
    return project.slugOf(given.project_name ?? project.standard("project_name"));
  }

  function showNotes(asked, faults) {
    const implied = new Map(Object.keys(faults).length ? [] : rules.implied(asked));
    for (const key of project.keys) {
      say($(`note-${key}`), implied.get(key));
      say($(`fault-${key}`), faults[key]?.slice(key.length + 2));
      for (const input of document.getElementsByName(key)) {
        input.setAttribute("aria-invalid", key in faults);
      }
    }
    return [...implied.values()];
  }

  function say(place, text) {
    place.textContent = text ?? "";
    place.hidden = !text;
  }

  // Presets.

  function presetAnswers(preset) {
    const chosen = Object.entries(preset.answers).filter(([key]) => key in options);
    return Object.fromEntries(chosen.filter(([key, value]) => value !== project.standard(key)));
  }

  function isChosen(preset) {
    const values = (asked) => JSON.stringify(rules.effective(project.complete(asked)));
    return values(given) === values(presetAnswers(preset));
  }

  function showPresets() {
    for (const preset of presets) {
      const name = preset.name.replace(/^the /, "");
      const button = element("button", { type: "button" }, name[0].toUpperCase() + name.slice(1));
      button.addEventListener("click", () => {
        const texts = Object.entries(given).filter(([key]) => !(key in options));
        given = { ...Object.fromEntries(texts), ...presetAnswers(preset) };
        typing = null;
        before = now;
        update();
        remember(true);
      });
      $("presets").append(button);
    }
  }

  // Answers.

  function answer(key, value, isTyped = false) {
    const isNew = !isTyped || typing !== key;
    typing = isTyped ? key : null;
    if (isNew) {
      before = now;
    }
    given = { ...given, [key]: value };
    if (!value || value === project.standard(key)) {
      delete given[key];
    }
    update();
    remember(isNew);
  }

  function faultsOf(asked) {
    const found = project.keys.map((key) => [key, rules.fault(key, asked[key])]);
    return Object.fromEntries(found.filter(([, fault]) => fault).map(([key, fault]) => [key, `${fault}.`]));
  }

  function update() {
    const asked = project.complete(given);
    const faults = faultsOf(asked);
    const isWhole = !Object.keys(faults).length;
    showAnswers();
    const implied = showNotes(asked, faults);
    $("taking").hidden = !isWhole;
    $("refused").hidden = isWhole;
    if (isWhole || !now.size) {
      // A link may hold what is refused: the page shows the project of the other answers.
      const sound = Object.entries(given).filter(([key]) => !(key in faults));
      answers = project.complete(Object.fromEntries(sound));
      now = new Map(project.made(answers).map((file) => [file.key, file]));
      showSummary();
      showCommand();
      showTree();
      showFile();
      weigh();
    }
    announce(isWhole ? implied : Object.values(faults), isWhole);
  }

  function showSummary() {
    const { files, lines, dependencies } = project.size(answers);
    $("summary").textContent = `${counted(files, "file")}, ${counted(lines, "line")}`;
    $("jump").textContent = $("summary").textContent;
    $("dependencies").textContent = `It depends on ${dependencies.join(", ")}.`;
  }

  function announce(words, isWhole) {
    const marks = Array.from(marked(), ([, mark]) => mark);
    const of = (mark) => marks.filter((each) => each === mark).length;
    const parts = ["new", "gone", "changed"].filter(of).map((mark) => `${of(mark)} ${mark}`);
    const said = isWhole && parts.length ? [`${$("summary").textContent}: ${parts.join(", ")}.`] : [];
    $("said").textContent = [...words, ...said].join(" ");
  }

  // What each answer adds, an option at a time so that the page stays quick.

  let weighing = 0;
  let weighed;

  function weigh() {
    const values = JSON.stringify(Object.keys(options).map((option) => rules.valueOf(option, answers[option])));
    if (values === weighed) {
      return; // It does not depend on the texts.
    }
    weighed = values;
    weighing += 1;
    const mine = weighing;
    const left = Object.keys(options);
    const next = () => {
      if (mine === weighing && left.length) {
        showWeights(left.shift());
        setTimeout(next);
      }
    };
    setTimeout(next);
  }

  function showWeights(option) {
    for (const value of Object.keys(options[option].values).filter(Boolean)) {
      const place = $(`weight-${option}-${value}`);
      const said = weightSaid(project.weight(answers, option, value));
      if (place.textContent !== said) {
        place.textContent = said;
      }
    }
  }

  function weightSaid({ files, lines, dependencies }) {
    const signed = (amount) => (amount < 0 ? "−" : "+");
    const part = (amount, one) => amount && `${signed(amount)}${counted(Math.abs(amount), one)}`;
    const names = dependencies.map((name) => `+${name}`);
    return [part(files, "file"), part(lines, "line"), ...names].filter(Boolean).join(", ");
  }

  // The tree.

  function* marked() {
    for (const key of new Set([...before.keys(), ...now.keys()])) {
      const [old, fresh] = [before.get(key), now.get(key)];
      if (!before.size) {
        yield [key, ""];
      } else if (!old || !fresh) {
        yield [key, fresh ? "new" : "gone"];
      } else {
        yield [key, old.text === fresh.text ? "" : "changed"];
      }
    }
  }

  /** Folders of folders: `{folders: Map, files: [[name, key, mark]]}`. */
  function nested(entries) {
    const root = { folders: new Map(), files: [], marks: {} };
    for (const [key, mark] of entries) {
      const parts = key.split("/");
      const name = parts.pop();
      let folder = root;
      let path = "";
      for (const part of parts) {
        path = path ? `${path}/${part}` : part;
        if (!folder.folders.has(part)) {
          folder.folders.set(part, { key: path, folders: new Map(), files: [], marks: {} });
        }
        folder = folder.folders.get(part);
        folder.marks[mark] = (folder.marks[mark] ?? 0) + 1;
      }
      folder.files.push([name, key, mark]);
    }
    return root;
  }

  const label = (name) => name.replace("{{cookiecutter.project_slug}}", answers.project_slug);

  function showTree(focused) {
    const wanted = view.find.toLowerCase();
    const found = Array.from(marked()).filter(([key]) => label(key).toLowerCase().includes(wanted));
    const items = branches(nested(found), 1, Boolean(wanted));
    $("tree").replaceChildren(...items);
    if (!found.length) {
      $("tree").append(element("li", { role: "treeitem" }, "No file has that name."));
    }
    const current = items.find((item) => item.dataset.key === (focused ?? view.file)) ?? items[0];
    if (current) {
      current.tabIndex = 0;
      if (focused) {
        current.focus();
      }
    }
    return found;
  }

  /** The items of a folder and of the open ones in it, one below the other: the level is an attribute. */
  function branches(folder, level, isFound) {
    const byName = ([one], [other]) => (label(one) < label(other) ? -1 : 1);
    const entries = [...[...folder.folders].sort(byName), ...folder.files.sort(byName)];
    return entries.flatMap(([name, each, mark], place) => {
      const common = {
        role: "treeitem",
        "aria-level": level,
        "aria-posinset": place + 1,
        "aria-setsize": entries.length,
        tabindex: "-1",
      };
      if (typeof each === "string") {
        const attributes = { ...common, "aria-selected": String(each === view.file), "data-key": each };
        return [item(attributes, mark, name, mark)];
      }
      const isOpen = isFound || view.open.includes(each.key);
      const marks = Object.entries(each.marks).filter(([kind]) => kind);
      const said = isOpen ? "" : marks.map(([kind, amount]) => `${amount} ${kind}`).join(", ");
      // What is true of all that is in it is true of the folder.
      const kind = marks.length === Object.keys(each.marks).length && marks.length === 1 ? marks[0][0] : "";
      const attributes = { ...common, "aria-expanded": String(isOpen), "data-key": each.key };
      return [
        item(attributes, kind, `${label(name)}/`, said),
        ...(isOpen ? branches(each, level + 1, isFound) : []),
      ];
    });
  }

  function item(attributes, kind, name, said) {
    const badge = said ? [" ", element("span", { class: "mark" }, said)] : [];
    return element("li", { ...attributes, class: `row ${kind}` }, element("span", { class: "name" }, name), ...badge);
  }

  function visible() {
    return Array.from($("tree").querySelectorAll("[data-key]"));
  }

  function act(chosen) {
    const { key } = chosen.dataset;
    if (chosen.hasAttribute("aria-expanded")) {
      toggle(key, chosen.getAttribute("aria-expanded") === "false");
    } else {
      view = { ...view, file: key };
      showTree(key);
      showFile();
      remember(false);
    }
  }

  function toggle(key, isOpen) {
    const others = view.open.filter((each) => each !== key);
    view = { ...view, open: isOpen ? [...others, key] : others };
    showTree(key);
    remember(false);
  }

  function onTreeKey(event) {
    const items = visible();
    const place = items.indexOf(event.target);
    const focused = items[place];
    if (!focused || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { key } = focused.dataset;
    const expanded = focused.getAttribute("aria-expanded");
    const above = items.slice(0, place).findLast((each) => each.ariaLevel < focused.ariaLevel);
    const moves = {
      ArrowDown: () => items[place + 1]?.focus(),
      ArrowUp: () => items[place - 1]?.focus(),
      Home: () => items[0].focus(),
      End: () => items.at(-1).focus(),
      ArrowRight: () => (expanded === "false" ? toggle(key, true) : expanded && items[place + 1]?.focus()),
      ArrowLeft: () => (expanded === "true" ? toggle(key, false) : above?.focus()),
      Enter: () => act(focused),
      " ": () => act(focused),
    };
    if (event.key in moves) {
      event.preventDefault();
      moves[event.key]();
    }
  }

  // A file.

  let shown;

  function showFile() {
    const [old, fresh] = [before.get(view.file), now.get(view.file)];
    if (!old && !fresh) {
      view = { ...view, file: now.keys().next().value };
      showFile();
      return;
    }
    const file = fresh ?? old;
    const mark = before.size ? (!fresh ? "gone" : !old ? "new" : "") : "";
    $("path").replaceChildren(
      file.path,
      ...(mark ? [element("span", { class: `mark ${mark}` }, mark)] : []),
    );
    if (file.base64) {
      $("code").replaceChildren("This file is not text.");
      return;
    }
    const was = mark === "new" || !before.size ? file.text : old.text;
    const marks = changes.lines(was, mark === "gone" ? "" : file.text);
    const coloured = {
      " ": colours.lines(file.path, file.text).values(),
      "-": was === file.text && mark !== "gone" ? [].values() : colours.lines(file.path, was).values(),
    };
    const lines = [];
    for (const [sign] of marks) {
      // A line that stays is in both texts.
      const pieces = sign === "-" ? coloured["-"].next().value : coloured[" "].next().value;
      if (sign === " ") {
        coloured["-"].next();
      }
      lines.push(line(sign, pieces));
    }
    $("code").replaceChildren(...lines);
    const changed = $("code").querySelector("ins, del");
    const box = $("code").parentElement;
    if (changed || shown !== view.file) {
      box.scrollTop = changed ? changed.offsetTop - box.clientHeight / 3 : 0;
    }
    shown = view.file;
  }

  function line(sign, pieces) {
    const tag = { " ": "span", "+": "ins", "-": "del" }[sign];
    const words = pieces.map(([kind, text]) => (kind ? element("span", { class: kind }, text) : text));
    return element(tag, { class: "code-line" }, ...words, "\n");
  }

  // Taking it.

  function showCommand() {
    const chosen = project.keys.filter((key) => key in given).map((key) => [key, given[key]]);
    const line = command.line(view.program, view.shell, Object.fromEntries(chosen));
    $("command").textContent = line ?? "PowerShell can't pass these answers on: take the zip.";
    $("copy").disabled = !line;
    $("program").value = view.program;
    $("shell").value = view.shell;
  }

  async function copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      $("done").textContent = said;
    } catch {
      $("done").textContent = "The browser does not let this page copy: select the text and copy it.";
    }
  }

  async function download() {
    const archive = await zip.archive(answers.project_slug, now.values());
    const url = URL.createObjectURL(archive);
    element("a", { href: url, download: `${answers.project_slug}.zip` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    $("done").textContent = "Unpack it; its README says how to go on.";
  }

  // The link, and the browser's history.

  function query() {
    const pairs = project.keys.filter((key) => key in given).map((key) => [key, given[key]]);
    const text = new URLSearchParams(pairs).toString();
    return text && `?${text}`;
  }

  function remember(isNew) {
    const url = `${location.pathname}${query()}${location.hash}`;
    history[isNew ? "pushState" : "replaceState"](view, "", url);
  }

  function recall() {
    const asked = new URLSearchParams(location.search);
    const known = [...asked].filter(([key, value]) => project.keys.includes(key) && value);
    given = Object.fromEntries(known.filter(([key, value]) => value !== project.standard(key)));
    const unknown = [...asked.keys()].filter((key) => !project.keys.includes(key));
    const said = unknown.map((key) => `There is no option ${rules.shown(key)}: the link is of another version.`);
    $("done").textContent = said.join(" ");
    view = { ...view, ...history.state };
    $("find").value = view.find;
  }

  function start() {
    showPresets();
    showQuestions();
    $("program").append(...command.PROGRAMS.map((name) => element("option", { value: name }, name)));
    recall();
    $("app").hidden = false;
    update();
    $("questions").addEventListener("submit", (event) => event.preventDefault());
    $("tree").addEventListener("keydown", onTreeKey);
    $("tree").addEventListener("click", (event) => {
      const item = event.target.closest("[data-key]");
      if (item) {
        act(item);
      }
    });
    $("find").addEventListener("input", () => {
      view = { ...view, find: $("find").value };
      const found = showTree();
      $("said").textContent = view.find ? counted(found.length, "file") : "";
      remember(false);
    });
    for (const key of ["program", "shell"]) {
      $(key).addEventListener("change", () => {
        view = { ...view, [key]: $(key).value };
        showCommand();
        remember(false);
      });
    }
    $("copy").addEventListener("click", () => copy($("command").textContent, "The command is copied."));
    $("link").addEventListener("click", () => copy(location.href, "The link is copied: it holds your answers."));
    $("zip").addEventListener("click", download);
    addEventListener("popstate", () => {
      if (location.search === query()) {
        remember(false); // A link within the page changes no answer.
        return;
      }
      before = now;
      typing = null;
      recall();
      update();
    });
  }

  start();
})();
