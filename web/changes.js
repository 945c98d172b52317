// The lines that came and went between two texts.
"use strict";

const changes = (() => {
  /** `[[mark, line]]` with the marks " ", "+" and "-". */
  function lines(before, now) {
    const [old, fresh] = [split(before), split(now)];
    let start = 0;
    while (start < old.length && start < fresh.length && old[start] === fresh[start]) {
      start += 1;
    }
    let end = 0;
    const room = Math.min(old.length, fresh.length) - start;
    while (end < room && old.at(-1 - end) === fresh.at(-1 - end)) {
      end += 1;
    }
    return [
      ...marked(" ", fresh.slice(0, start)),
      ...between(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
      ...marked(" ", fresh.slice(fresh.length - end)),
    ];
  }

  function split(text) {
    const found = text.split("\n");
    return found.at(-1) === "" ? found.slice(0, -1) : found;
  }

  const marked = (mark, found) => found.map((line) => [mark, line]);

  /** By the longest common subsequence. */
  function between(old, fresh) {
    const width = fresh.length + 1;
    const common = new Uint16Array((old.length + 1) * width);
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = fresh.length - 1; j >= 0; j -= 1) {
        const at = i * width + j;
        common[at] =
          old[i] === fresh[j]
            ? common[at + width + 1] + 1
            : Math.max(common[at + width], common[at + 1]);
      }
    }
    const found = [];
    let [i, j] = [0, 0];
    while (i < old.length && j < fresh.length) {
      const at = i * width + j;
      if (old[i] === fresh[j]) {
        found.push([" ", fresh[j]]);
        i += 1;
        j += 1;
      } else if (common[at + width] >= common[at + 1]) {
        found.push(["-", old[i]]);
        i += 1;
      } else {
        found.push(["+", fresh[j]]);
        j += 1;
      }
    }
    return [...found, ...marked("-", old.slice(i)), ...marked("+", fresh.slice(j))];
  }

  return { lines };
})();
