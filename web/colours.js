// What each word of a line is, for its colour: enough to read by, no more.
"use strict";

const colours = (() => {
  const LONG = 1000;
  const words = (text) => `\\b(?:${text.trim().split(/\s+/).join("|")})\\b`;
  const STRING = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
  const PYTHON = words(`
    and as assert async await break case class continue def del elif else except finally for from
    global if import in is lambda match nonlocal not or pass raise return try while with yield
    None True False self`);
  const SCRIPT = words(`
    break case catch class const continue else export false for function if import in let new null
    of return switch this throw true try typeof undefined var while yield async await`);
  const TAGS = String.raw`\{#[\s\S]*?#\}|<!--[\s\S]*?-->`;
  const NUMBER = String.raw`\b\d[\w.]*\b`;
  // In their order: the first that fits at a place wins.
  const LANGUAGES = {
    python: {
      string: String.raw`[rbfRBF]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|${STRING})`,
      comment: "#.*",
      name: String.raw`@[\w.]+|(?<=\b(?:def|class) )\w+`,
      keyword: PYTHON,
      number: NUMBER,
    },
    script: {
      comment: String.raw`\/\/.*|\/\*[\s\S]*?\*\/`,
      string: `${STRING}|\`[^\`]*\``,
      keyword: SCRIPT,
      number: NUMBER,
    },
    style: {
      comment: String.raw`\/\*[\s\S]*?\*\/`,
      string: STRING,
      name: String.raw`--[\w-]+|[\w-]+(?=\s*:[ \n])`,
      keyword: String.raw`@[\w-]+`,
      number: String.raw`#[\da-fA-F]{3,8}\b|\b\d[\w.%]*`,
    },
    markup: {
      comment: TAGS,
      keyword: String.raw`\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}`,
      name: String.raw`<\/?[\w-]+|\/?>`,
      string: STRING,
    },
    markdown: {
      keyword: "^#{1,6} .*",
      comment: "^```.*",
      string: "`[^`\n]+`",
      name: String.raw`\[[^\]\n]*\]\([^)\n]*\)|\*\*[^*\n]+\*\*`,
    },
    settings: {
      comment: "#.*",
      name: String.raw`^\[.*\]$|^\s*-?\s*[\w."-]+(?=\s*[:=])`,
      string: STRING,
      keyword: words("true false null"),
      number: NUMBER,
    },
    plain: {},
  };
  const ENDINGS = {
    py: "python",
    mako: "python",
    js: "script",
    css: "style",
    html: "markup",
    svg: "markup",
    md: "markdown",
    toml: "settings",
    yml: "settings",
    yaml: "settings",
    ini: "settings",
    cfg: "settings",
    example: "settings",
    Dockerfile: "settings",
  };
  const patterns = Object.fromEntries(
    Object.entries(LANGUAGES).map(([language, kinds]) => [
      language,
      new RegExp(
        Object.entries(kinds)
          .map(([kind, pattern]) => `(?<${kind}>${pattern})`)
          .join("|") || "(?!)",
        "gm",
      ),
    ]),
  );

  /** The pieces of each line: `[[[kind, text]]]`. */
  function lines(path, text) {
    const ending = path.split(/[./]/).at(-1);
    const pattern = patterns[text.split("\n").some((line) => line.length > LONG) ? "plain" : (ENDINGS[ending] ?? "plain")];
    const found = [[]];
    const add = (kind, part) => {
      part.split("\n").forEach((piece, number) => {
        if (number) {
          found.push([]);
        }
        if (piece) {
          found.at(-1).push([kind, piece]);
        }
      });
    };
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      add("", text.slice(end, match.index));
      const [kind] = Object.entries(match.groups).find(([, part]) => part !== undefined);
      add(kind, match[0]);
      end = match.index + match[0].length;
    }
    add("", text.slice(end));
    return found;
  }

  return { lines };
})();
