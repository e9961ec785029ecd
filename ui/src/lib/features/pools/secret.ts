/** What is to become of a client's secret when its pool is saved. */
export interface SecretEdit {
  /** As it is typed; empty where nothing was. */
  typed: string;
  /** Whether one lies in the keychain for this very client. */
  stored: boolean;
  /** Whether the stored one is to be removed. */
  removed: boolean;
}

/** Whether the client has a secret once its pool is saved. */
export function willHaveSecret({ typed, stored, removed }: SecretEdit): boolean {
  return typed.trim() !== '' || (stored && !removed);
}

/** Gives what is kept in the keychain: null leaves it as it is, an empty one removes it. */
export function secretToKeep({ typed, stored, removed }: SecretEdit): string | null {
  if (typed.trim() !== '') return typed.trim();
  return stored && removed ? '' : null;
}
