/** A login for one registry. */
export interface Credentials {
  username: string;
  /** The password; with an empty username, an identity token. */
  password: string;
}
