// The project that some answers make, as Cookiecutter and the hooks would make it.
"use strict";

const project = (() => {
  const PACKAGE = "{{cookiecutter.project_slug}}";
  // Texts are typed letter by letter, and each would be kept.
  const MOST_KEPT = 40;
  const { questions, derived, files } = template;
  const options = questions._options;
  const keys = Object.keys(questions).filter((key) => !key.startsWith("_"));
  const environment = python.environment();
  const kept = new Map(files.map((file) => [file, new Map()]));
  const counted = new Map(files.map((file) => [file, new Map()]));

  /** What somebody gets who answers nothing. */
  function standard(key) {
    const value = questions[key];
    if (Array.isArray(value)) {
      return value[0];
    }
    return typeof value === "boolean" ? (value ? "yes" : "no") : value;
  }

  /** Every answer: those that are given, and the defaults of the others. */
  function complete(given) {
    // Jinja takes every end of a line for the same.
    const answered = (key) => given[key]?.replace(/\r\n?/g, "\n") ?? standard(key);
    const answers = Object.fromEntries(keys.map((key) => [key, answered(key)]));
    if (!given.project_slug) {
      answers.project_slug = slugOf(answers.project_name);
    }
    return answers;
  }

  function slugOf(name) {
    return rendered("__slug", { project_name: name, _reserved: questions._reserved });
  }

  function rendered(name, cookiecutter) {
    return environment.getTemplate(name).render({ cookiecutter });
  }

  /** What Cookiecutter gives to each template. */
  function context(answers, values) {
    const known = { ...questions, ...answers };
    for (const [option, value] of Object.entries(values)) {
      known[`__${option}`] = value;
    }
    for (const key of derived) {
      known[key] = rendered(key, known);
    }
    return known;
  }

  /** The files of a project, each with its path in the template. */
  function made(answers) {
    const values = rules.effective(answers);
    const known = context(answers, values);
    return filesOf(values).map((file) => ({
      key: file.path,
      path: file.path.replaceAll(PACKAGE, answers.project_slug),
      executable: file.executable,
      base64: file.base64,
      text: text(file, known),
    }));
  }

  function filesOf(values) {
    return files.filter((file) => rows(file).every((row) => rules.holds(row, values)));
  }

  /** The rows of a file's own and of its folders. */
  function rows(file) {
    file.rows ??= Object.entries(questions._files)
      .filter(([row]) => covers(row, file.path.replaceAll(PACKAGE, "{slug}")))
      .map(([, alternatives]) => alternatives);
    return file.rows;
  }

  function covers(row, path) {
    return path === row || (row.endsWith("/") && path.startsWith(row));
  }

  function text(file, known) {
    return file.text ?? file.base64 ?? remembered(kept.get(file), file, known, (each) => each);
  }

  /** What is made of a file's text, once for all that the file reads. */
  function remembered(store, file, known, make) {
    const key = file.reads.map((name) => known[name]).join("\0");
    if (!store.has(key)) {
      if (store.size >= MOST_KEPT) {
        store.delete(store.keys().next().value);
      }
      store.set(key, make(rendered(file.path, known)));
    }
    return store.get(key);
  }

  /** How much a project is: it does not depend on the texts. */
  function size(answers) {
    const values = rules.effective(answers);
    const standards = complete({});
    const known = context(standards, values);
    const found = { files: 0, lines: 0, dependencies: [] };
    for (const file of filesOf(values)) {
      found.files += 1;
      const { lines, dependencies } = figures(file, known);
      found.lines += lines;
      found.dependencies.push(...dependencies);
    }
    return found;
  }

  function figures(file, known) {
    if (file.reads) {
      return remembered(counted.get(file), file, known, (each) => measured(file, each));
    }
    file.figures ??= measured(file, file.text ?? "");
    return file.figures;
  }

  function measured(file, content) {
    const lines = content.split("\n").length - (content.endsWith("\n") || !content ? 1 : 0);
    return { lines, dependencies: file.path === "pyproject.toml" ? dependencies(content) : [] };
  }

  /** The names of what a project depends on when it runs. */
  function dependencies(content) {
    const [, list] = /^dependencies = \[\n(.*?)^\]/ms.exec(content) ?? [];
    return Array.from((list ?? "").matchAll(/^ *"([\w.-]+)/gm), ([, name]) => name);
  }

  /** What one answer to an option adds to a project that never heard of the option. */
  function weight(answers, option, value) {
    const without = size({ ...answers, [option]: options[option].before });
    const added = size({ ...answers, [option]: value });
    return {
      files: added.files - without.files,
      lines: added.lines - without.lines,
      dependencies: added.dependencies.filter((name) => !without.dependencies.includes(name)),
    };
  }

  return { complete, keys, made, size, slugOf, standard, weight };
})();
