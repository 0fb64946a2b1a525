// A project in a temporary folder, for one test.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLoader, type Loader } from '../src/loader.js';
import { type Problem, ShaderError } from '../src/problem.js';

export interface Project {
  readonly root: string;
  readonly shaders: string;
  path(path: string): string;
  read(path: string): string;
  write(files: { readonly [path: string]: string }): void;
  loader(): Loader;
}

/** Writes files, given by their paths, to a new folder that is deleted after the test. */
export function createProject(files: { readonly [path: string]: string }): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wgsl-loader-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const project: Project = {
    root,
    shaders: join(root, 'shaders'),
    path: (path) => join(root, path),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write(changed) {
      for (const [path, text] of Object.entries(changed)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    loader: () => createLoader(root, join(root, 'shaders')),
  };
  project.write(files);
  return project;
}

/** The problems of a shader, as `file:line:column message` with the file relative to the project. */
export async function problemsOf(project: Project, shader: string): Promise<string[]> {
  try {
    const { warnings } = await project.loader().load(project.path(shader));
    return warnings.map((problem) => describeProblem(project, problem));
  } catch (error) {
    if (!(error instanceof ShaderError)) throw error;
    return error.problems.map((problem) => describeProblem(project, problem));
  }
}

function describeProblem(project: Project, { message, location }: Problem): string {
  return `${location.file.replace(`${project.root}/`, '')}:${location.line}:${location.column} ${message}`;
}
