// What the templates use of Python, for nunjucks: its strings are JavaScript's.
"use strict";

const python = (() => {
  // Python's whitespace, which is not JavaScript's.
  const SPACE = "\\t-\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const STRIPPED = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

  const characters = (text) => Array.from(text);

  const strip = (text) => text.replace(STRIPPED, "");

  const oneOf = (parts) => (Array.isArray(parts) ? parts : [parts]);

  const STRING = {
    count: (text, part) => text.split(part).length - 1,
    endswith: (text, parts) => oneOf(parts).some((part) => text.endsWith(part)),
    isdecimal: (text) => /^\p{Nd}+$/u.test(text),
    isdigit: (text) =>
      /^[\0-\x7f]*$/.test(text) ? /^\d+$/.test(text) : missing("str.isdigit beyond ASCII"),
    join: (text, parts) => parts.join(text),
    lower: (text) => text.toLowerCase(),
    removeprefix: (text, part) => (text.startsWith(part) ? text.slice(part.length) : text),
    removesuffix: (text, part) =>
      part && text.endsWith(part) ? text.slice(0, -part.length) : text,
    replace: (text, part, by, most = Infinity) => {
      const parts = text.split(part);
      const joined = parts.slice(0, most + 1).join(by);
      return parts.length > most + 1 ? joined + part + parts.slice(most + 1).join(part) : joined;
    },
    split: (text, part) => text.split(part),
    startswith: (text, parts) => oneOf(parts).some((part) => text.startsWith(part)),
    strip,
    upper: (text) => text.toUpperCase(),
  };

  const MAPPING = {
    get: (mapping, key, fallback = null) => mapping[key] ?? fallback,
    items: Object.entries,
    keys: Object.keys,
    values: Object.values,
  };

  function member(value, key) {
    if (typeof value === "string") {
      if (typeof key === "number") {
        return characters(value).at(key);
      }
      return Object.hasOwn(STRING, key) ? STRING[key].bind(null, value) : missing(`str.${key}`);
    }
    if (Array.isArray(value)) {
      return typeof key === "number" ? value.at(key) : missing(`list.${key}`);
    }
    if (Object.hasOwn(value, key)) {
      return value[key];
    }
    return Object.hasOwn(MAPPING, key) ? MAPPING[key].bind(null, value) : undefined;
  }

  function missing(name) {
    throw new Error(`python.js has no ${name}`);
  }

  function slice(value, start, stop, step) {
    if (step !== 1) {
      missing("slice with a step");
    }
    const items = typeof value === "string" ? characters(value) : value;
    const part = items.slice(start ?? 0, stop ?? undefined);
    return typeof value === "string" ? part.join("") : part;
  }

  /** `json.dumps` of a text or a plain value: ASCII alone. */
  function dumps(value) {
    return JSON.stringify(value).replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }

  let ascii;

  /** As text-unidecode has it. */
  function transliterated(text) {
    ascii ??= template.ascii.split("\n");
    const each = (character) => {
      const point = character.codePointAt(0);
      return point < 0x80 ? character : (ascii[point - 0x80] ?? "");
    };
    return characters(text).map(each).join("");
  }

  function decoded(text) {
    const names = text.replace(/&(\w+);/g, (all, name) =>
      Object.hasOwn(template.entities, name) ? String.fromCodePoint(template.entities[name]) : all,
    );
    return numbers(numbers(names, /&#(\d+);/g, 10), /&#x([\da-fA-F]+);/g, 16);
  }

  /** All references of one kind, or none where one of them is no character. */
  function numbers(text, pattern, base) {
    try {
      return text.replace(pattern, (all, digits) => String.fromCodePoint(parseInt(digits, base)));
    } catch {
      return text;
    }
  }

  /** As python-slugify has it, with what the template asks of it. */
  function slugify(text, options = {}) {
    let slug = transliterated(text.replace(/'+/g, "-").normalize("NFKD"));
    slug = decoded(slug).normalize("NFKD").toLowerCase().replace(/'+/g, "");
    slug = slug.replace(/(?<=\p{Nd}),(?=\p{Nd})/gu, "");
    slug = slug.replace(/[^-a-zA-Z0-9]+/g, "-").replace(/-{2,}/g, "-").replace(/^-|-$/g, "");
    if (options.max_length) {
      slug = truncated(slug, options.max_length, options.word_boundary);
    }
    return slug.replaceAll("-", options.separator ?? "-");
  }

  function truncated(slug, most, atWords) {
    if (slug.length < most) {
      return slug;
    }
    let kept = "";
    for (const word of atWords && slug.includes("-") ? slug.split("-") : []) {
      const length = kept.length + word.length;
      if (length < most) {
        kept += `${word}-`;
      } else if (length === most) {
        kept += word;
        break;
      }
    }
    return (kept || slug.slice(0, most)).replace(/^-+|-+$/g, "");
  }

  /** An environment of nunjucks in which Python's expressions mean what they mean in Jinja. */
  function environment() {
    nunjucks.runtime.memberLookup = function (value, key, stop, step) {
      return arguments.length === 4 ? slice(value, key, stop, step) : member(value, key);
    };
    const loader = new nunjucks.PrecompiledLoader(compiled);
    const made = new nunjucks.Environment(loader, { autoescape: false });
    made.addFilter("slugify", slugify);
    made.addFilter("sum", (lists, { start }) => [...start, ...lists.flat()]);
    return made;
  }

  return { STRING, characters, dumps, environment, slice, slugify, strip };
})();
