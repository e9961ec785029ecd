/** What the window says and offers for each kind of failure. A new code does not compile until it has its words. */
import type { Code } from './types';

export type Severity = 'error' | 'warning';

/** What can be offered beside a failure; who shows it decides which of them it can do. */
export type FailureAction =
  | 'signIn'
  | 'renew'
  | 'signInByBrowser'
  | 'unlock'
  | 'editPool'
  | 'editUrl'
  | 'editHeaders'
  | 'editBody'
  | 'editVariables'
  | 'editSettings'
  | 'resolveConflict'
  | 'chooseCollection'
  | 'sendAgain';

export interface FailureWords {
  severity: Severity;
  title: string;
  action: { id: FailureAction; label: string } | null;
}

export const failures: Record<Code, FailureWords> = {
  addressInvalid: { severity: 'error', title: 'This address cannot be read', action: null },
  poolInvalid: {
    severity: 'error',
    title: 'The user pool is not set up fully',
    action: { id: 'editPool', label: 'Edit the user pool' },
  },
  signInRefused: {
    severity: 'error',
    title: 'The user pool refused the sign-in',
    action: { id: 'signIn', label: 'Sign in again' },
  },
  signInTimedOut: {
    severity: 'warning',
    title: 'Nobody signed in',
    action: { id: 'signIn', label: 'Sign in again' },
  },
  tokenRefused: {
    severity: 'error',
    title: 'The token was not accepted',
    action: { id: 'signIn', label: 'Sign in again' },
  },
  notSignedIn: {
    severity: 'warning',
    title: 'Sign in before sending',
    action: { id: 'signIn', label: 'Sign in' },
  },
  sessionOver: {
    severity: 'warning',
    title: 'The session is over',
    action: { id: 'renew', label: 'Sign in' },
  },
  providerRefusesWindow: {
    severity: 'warning',
    title: 'This provider wants the browser',
    action: { id: 'signInByBrowser', label: 'Sign in in the browser' },
  },
  keychainLocked: {
    severity: 'warning',
    title: 'The keychain is locked',
    action: { id: 'unlock', label: 'Unlock the keychain' },
  },
  keychainFailed: { severity: 'error', title: 'The keychain did not work', action: null },
  collectionUnreadable: {
    severity: 'error',
    title: 'The collection cannot be opened',
    action: { id: 'chooseCollection', label: 'Choose another folder' },
  },
  fileConflict: {
    severity: 'warning',
    title: 'The file was changed by another program',
    action: { id: 'resolveConflict', label: 'Compare and choose' },
  },
  fileGone: { severity: 'warning', title: 'The file is gone', action: null },
  fileUnwritable: { severity: 'error', title: 'The file cannot be written', action: null },
  fileBroken: { severity: 'error', title: 'The file is broken', action: null },
  nameInvalid: { severity: 'error', title: 'This name cannot be used', action: null },
  variableMissing: {
    severity: 'error',
    title: 'A variable has no value',
    action: { id: 'editVariables', label: 'Edit the variables' },
  },
  urlInvalid: {
    severity: 'error',
    title: 'The URL cannot be used',
    action: { id: 'editUrl', label: 'Edit the URL' },
  },
  headerInvalid: {
    severity: 'error',
    title: 'A header cannot be sent',
    action: { id: 'editHeaders', label: 'Edit the headers' },
  },
  bodyInvalid: {
    severity: 'error',
    title: 'The body cannot be sent',
    action: { id: 'editBody', label: 'Edit the body' },
  },
  unreachable: {
    severity: 'error',
    title: 'The host could not be reached',
    action: { id: 'sendAgain', label: 'Send again' },
  },
  tls: { severity: 'error', title: 'No secure connection', action: { id: 'sendAgain', label: 'Send again' } },
  timedOut: {
    severity: 'error',
    title: 'The time limit passed',
    action: { id: 'editSettings', label: 'Change the time limit' },
  },
  badAnswer: {
    severity: 'error',
    title: 'The answer broke off or cannot be read',
    action: { id: 'sendAgain', label: 'Send again' },
  },
  badRedirect: {
    severity: 'error',
    title: 'The redirects lead nowhere',
    action: { id: 'editSettings', label: 'Change how redirects are followed' },
  },
  sandboxFailed: { severity: 'error', title: 'The sandbox did not start', action: null },
  unknown: { severity: 'warning', title: 'It is not there any more', action: null },
  internal: { severity: 'error', title: 'Gatepass itself failed', action: null },
};
