// The command that makes the project, quoted for the shell that it is pasted into.
"use strict";

const command = (() => {
  const PROGRAMS = {
    uvx: ["uvx", "cookiecutter"],
    pipx: ["pipx", "run", "cookiecutter"],
    cookiecutter: ["cookiecutter"],
  };
  const SHELLS = { posix, powershell };

  /** The command, where there is one; answers that are the default's are left out. */
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
    // Versions differ in where they then see the end of the quotes.
    if (words.some((word) => /\\"/.test(word) && /\s/.test(word))) {
      return null;
    }
    const isPlain = (word) => !/"|\s.*\\$/su.test(word);
    const line = [...program, ...words.map((word) => literal(isPlain(word) ? word : asRead(word)))].join(" ");
    // PowerShell 7.3 passes quotes on as they are, where older ones let the program read them.
    return words.every(isPlain) ? line : `& { $PSNativeCommandArgumentPassing = 'Legacy'; ${line} }`;
  }

  /** It takes typographic quotes for quotes, too. */
  function literal(word) {
    return /^[\w=:./+-]+$/.test(word) ? word : `'${word.replace(/['‘’‚‛]/g, "$&$&")}'`;
  }

  /** As a program on Windows reads it: with quotes of its own, so that PowerShell adds none. */
  function asRead(word) {
    return `"${word.replace(/(\\*)"/g, '$1$1""').replace(/\\+$/, "$&$&")}"`;
  }

  return { PROGRAMS: Object.keys(PROGRAMS), SHELLS: Object.keys(SHELLS), line };
})();
