/** What a build records of the git repository that its context is in. */

/** See `vcs` of {@linkcode BuildOptions}. */
export interface VcsOptions {
  /**
   * Whether `-dirty` is added to the revision of a work tree with changes. `tracked` looks at the files that git tracks, as
   * `git describe --dirty` does, `all` also at those that it does not, ignored ones among them. Not done where it would take
   * long: for more than 200,000 files, or 1 GiB of them that their times don't tell from changed ones.
   * @default "tracked"
   */
  dirty?: "tracked" | "all" | false;
  /** For the provenance. @default true */
  provenance?: boolean;
  /**
   * As labels of the image: `org.opencontainers.image.revision` and `.source`, and the Dockerfile's path in the repository
   * as `com.docker.image.source.entrypoint`. @default false
   */
  labels?: boolean;
}
