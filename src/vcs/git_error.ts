/** A repository that can't be made sense of. It never fails a build: what is not known is not recorded. */
export class GitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GitError";
  }
}
