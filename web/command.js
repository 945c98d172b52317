// The command that makes the project, quoted for the shell that it is pasted into.
"use strict";

const command = (() => {
  const PROGRAMS = {
    uvx: ["uvx", "cookiecutter"],
    pipx: ["pipx", "run", "cookiecutter"],
    cookiecutter: ["cookiecutter"],
  };
  const SHELLS = { posix, powershell };

  /** The words of the command; answers that are the default's are left out. */
  function line(program, shell, answers) {
    const given = Object.entries(answers).map(([key, value]) => `${key}=${value}`);
    const fixed = ["--no-input", "--default-config", template.address];
    return SHELLS[shell](PROGRAMS[program], [...fixed, ...given]);
  }

  function posix(program, words) {
    const quoted = (word) =>
      /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
    return [...program, ...words].map(quoted).join(" ");
  }

  function powershell(program, words) {
    // Before 7.3 PowerShell passes on a double quote, and a backslash at the end, as something else.
    if (words.some((word) => /"|\\$/.test(word))) {
      return verbatim(program, words);
    }
    // It takes typographic quotes for quotes.
    const quoted = (word) =>
      /^[\w=:./+-]+$/.test(word) ? word : `'${word.replace(/['‘’‚‛]/g, "$&$&")}'`;
    return [...program, ...words].map(quoted).join(" ");
  }

  /** Passed on by PowerShell as it is, but for names of variables between %; read as C reads it. */
  function verbatim([first, ...rest], words) {
    if (words.some((word) => /[“”„]/.test(word))) {
      return null; // Its quotes would not pair.
    }
    const quoted = (word) =>
      /^[\w=:./+-]+$/.test(word)
        ? word
        : `"${word.replace(/(\\*)"/g, '$1$1""').replace(/\\+$/, "$&$&").replace(/%(.)/gsu, '%"$1"')}"`;
    return [first, "--%", ...rest, ...words.map(quoted)].join(" ");
  }

  return { PROGRAMS: Object.keys(PROGRAMS), SHELLS: Object.keys(SHELLS), line };
})();
