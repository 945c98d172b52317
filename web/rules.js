// The rules of hooks/pre_gen_project.py, in the same words: tests run one table of cases on both.
"use strict";

const rules = (() => {
  const { most, withoutTags } = template.rules;
  const SLUG = new RegExp(`^(?:${template.rules.slug})$`);
  const TAG = new RegExp(template.rules.tag);
  const BIDIRECTIONAL = new Set(template.rules.bidirectional);
  const { _options: options, _implications: implications, _words: words } = template.questions;

  /** What is wrong with an answer, in one line; null where nothing is. */
  function fault(key, value) {
    if (key in options) {
      return faultInChoice(key, value);
    }
    if (!python.strip(value)) {
      return `${key}: ${shown(value)} says nothing; type some text`;
    }
    return key === "project_slug" ? faultInSlug(value) : faultInText(key, value);
  }

  function faultInChoice(option, value) {
    const { values } = options[option];
    if (Object.hasOwn(values, valueOf(option, value))) {
      return null;
    }
    const allowed = ("yes" in values ? ["yes", "no"] : Object.keys(values)).join(" or ");
    return `${option}: ${shown(value)} is not an answer; it must be ${allowed}`;
  }

  function faultInText(key, value) {
    if (value !== python.strip(value)) {
      return `${key}: ${shown(value)} begins or ends with a space; remove it`;
    }
    const { length } = python.characters(value);
    if (length > most) {
      return `${key}: ${length} characters are too many; ${most} is the most`;
    }
    if (TAG.test(value)) {
      return `${key}: ${shown(value)} holds a template tag; ${withoutTags}`;
    }
    for (const character of python.characters(value)) {
      if (/\p{Cs}/u.test(character)) {
        return `${key}: ${shown(value)} is not valid text here; use a UTF-8 locale`;
      }
      if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(character) || BIDIRECTIONAL.has(character)) {
        const point = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        return `${key}: ${shown(value)} holds the control character U+${point}; remove it`;
      }
    }
    return null;
  }

  function faultInSlug(slug) {
    if (!SLUG.test(slug)) {
      const name = slug.toLowerCase().replaceAll("-", "_");
      let hint = "a name such as my_app";
      if (name !== slug && faultInSlug(name) === null) {
        hint = `${name} (a repository can be cloned under that name: git clone URL ${name})`;
      }
      return (
        `project_slug: ${shown(slug)} must begin with a letter a-z and go on with a-z, 0-9 ` +
        `and single underscores, 40 at most; type ${hint}`
      );
    }
    for (const [reason, names] of Object.entries(template.questions._reserved)) {
      if (names.includes(slug)) {
        return `project_slug: "${slug}" is ${reason}; type another, such as ${slug}_app`;
      }
    }
    return null;
  }

  /** The value of each option once the implications have been followed. */
  function effective(answers) {
    const values = asked(answers);
    for (let turn = 0; turn <= implications.length; turn += 1) {
      const broken = implications
        .filter((rule) => holds(rule.if, values))
        .map((rule) => rule.then)
        .filter((term) => !termHolds(term, values));
      if (!broken.length) {
        return values;
      }
      Object.assign(values, Object.fromEntries(broken.map(parsed)));
    }
    throw new Error("the implications contradict each other");
  }

  /** The option and a line for each implication that changed an answer. */
  function implied(answers) {
    const values = effective(answers);
    const given = asked(answers);
    return implications
      .map((rule) => [...parsed(rule.then), rule])
      .filter(
        ([option, value, rule]) =>
          given[option] !== value && holds(rule.if, { ...values, [option]: given[option] }),
      )
      .map(([option, value, rule]) => [option, `${option} is ${value || "no"}: ${rule.because}.`]);
  }

  function asked(answers) {
    return Object.fromEntries(
      Object.keys(options).map((option) => [option, valueOf(option, answers[option])]),
    );
  }

  function holds(alternatives, values) {
    return alternatives.some((terms) => terms.every((term) => termHolds(term, values)));
  }

  function termHolds(term, values) {
    const [option, value] = parsed(term);
    return term.includes("=") ? values[option] === value : !["", "none"].includes(values[option]);
  }

  function parsed(term) {
    const [option, ...rest] = term.split("=");
    const value = rest.join("=");
    return [option, value === "no" ? "" : value || "yes"];
  }

  /** One answer: a switch is "yes" or "". */
  function valueOf(option, answer) {
    const text = python.strip(answer);
    if ("yes" in options[option].values) {
      const lower = text.toLowerCase();
      if (words.yes.includes(lower)) {
        return "yes";
      }
      return words.no.includes(lower) ? "" : text || "nothing";
    }
    return text;
  }

  function shown(value) {
    const text = python.dumps(value);
    return text.length <= 60 ? text : `${text.slice(0, 56)}..."`;
  }

  return { effective, fault, holds, implied, shown, valueOf };
})();
