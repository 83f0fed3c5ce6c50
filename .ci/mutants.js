/*
 * The mutants of the verifier: one for each check that it makes, with that check taken out. Found in the syntax tree, so
 * that a new check is a new mutant without anybody thinking of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const FOLDERS = [
  'lib/evidence',
  'lib/evidence/apple',
  'lib/evidence/android',
  'lib/evidence/dev',
  'lib/evidence/play',
];

/** A change of one file: what stands from `start` to `end` becomes `text`. */
export function findMutants(root) {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => mutantsOf(root, `${folder}/${name}`)),
  );
}

function mutantsOf(root, file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const add = (node, replacement, what) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ file, line, start, end: node.getEnd(), text: replacement, what });
  };
  const visit = (node) => {
    if (isCallOf(node, 'fail')) withoutRefusal(node, add);
    if (ts.isExpressionStatement(node) && isStep(node.expression)) {
      add(node, '', `step ${node.expression.expression.arguments[0].getText(source)} left out`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // Two refusals of one condition are one mutant.
  const seen = new Set();
  return mutants.filter(({ start, end, text: put }) => {
    const name = `${start} ${end} ${put}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function isCallOf(node, name) {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;
}

function isStep(node) {
  return ts.isYieldExpression(node) && node.expression !== undefined && isCallOf(node.expression, 'check');
}

/** The condition that leads to a refusal never does: `a ? pass : fail` always passes, `if (a) return fail` never returns. */
function withoutRefusal(call, add) {
  const what = call.arguments[0]?.getText() ?? '';
  for (let node = call; node.parent && !ts.isFunctionLike(node); node = node.parent) {
    const { parent } = node;
    if (ts.isConditionalExpression(parent) && node !== parent.condition) {
      add(parent.condition, node === parent.whenTrue ? 'false' : 'true', `${what} never`);
      return;
    }
    if (ts.isIfStatement(parent) && node === parent.thenStatement) {
      add(parent.expression, 'false', `${what} never`);
      return;
    }
  }
}
