// Reads {name: source} from standard input and writes {name: JavaScript} for nunjucks-slim.
"use strict";

const nunjucks = require("./vendor/nunjucks/nunjucks.min.js");

// Slices such as [:32], which nunjucks alone can't parse.
nunjucks.installJinjaCompat();

// (1, 2) is a tuple here: JavaScript's comma would leave its last item alone.
const { Compiler } = nunjucks.compiler;
const compileGroup = Compiler.prototype.compileGroup;
Compiler.prototype.compileGroup = function (node, frame) {
  const compile = node.children.length > 1 ? this.compileArray : compileGroup;
  compile.call(this, node, frame);
};

function compiled(name, source, options) {
  // Jinja trims the end of a line after this tag too.
  const trimmed = options.trimBlocks ? source.replace(/(endraw -?%\})\n/g, "$1") : source;
  const code = nunjucks.compiler.compile(trimmed, [], [], name, options);
  return `(() => {${code}})()`;
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const { options, sources } = JSON.parse(input);
  const entries = Object.entries(sources).map(([name, source]) => [
    name,
    compiled(name, source, options),
  ]);
  process.stdout.write(JSON.stringify(Object.fromEntries(entries)));
});
