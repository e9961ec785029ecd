/** A realistic workspace: the pet store behind its gateway, three identities. */
import type {
  Answer,
  Collection,
  ExaminedCheck,
  IdentityView,
  InspectedToken,
  Item,
  PoolView,
  Request,
  TokenView,
  Verdict,
} from '$lib/bridge/types';
import { blankRequest } from '$lib/state/requests/blank';

export const root = '/home/ada/petstore';
const now = Math.floor(Date.now() / 1000);

function saved(name: string, method: string, url: string, more: Partial<Request> = {}): Request {
  return { ...blankRequest(), name, method, url, ...more };
}

export const requests: Record<string, Request> = {
  'List pets.yml': saved('List pets', 'GET', '{{invokeUrl}}/pets?type=dog', {
    params: [{ place: 'query', name: 'type', value: 'dog', disabled: false, description: '' }],
    headers: [
      { name: 'accept', value: 'application/json', disabled: false, description: '' },
      { name: 'x-request-source', value: 'gatepass', disabled: false, description: '' },
    ],
  }),
  'Show a pet.yml': saved('Show a pet', 'GET', '{{invokeUrl}}/pets/:petId', {
    params: [{ place: 'path', name: 'petId', value: '1', disabled: false, description: '' }],
  }),
  'Add a pet.yml': saved('Add a pet', 'POST', '{{invokeUrl}}/pets', {
    body: { kind: 'json', text: '{\n  "type": "cat",\n  "price": 124.99,\n  "owner": "{{owner}}"\n}\n' },
  }),
  'orders/Open orders.yml': saved('Open orders', 'GET', '{{invokeUrl}}/orders?state=open'),
  'orders/Place an order.yml': saved('Place an order', 'POST', '{{invokeUrl}}/orders', {
    body: { kind: 'json', text: '{\n  "pet": 3,\n  "quantity": 1\n}\n' },
  }),
  'orders/Cancel an order.yml': saved('Cancel an order', 'DELETE', '{{invokeUrl}}/orders/:orderId'),
  'admin/Usage.yml': saved('Usage', 'GET', '{{invokeUrl}}/admin/usage'),
};

function item(path: string): Item {
  const request = requests[path];
  if (!request) throw new Error(`no request ${path}`);
  return { kind: 'request', path, name: request.name, method: request.method, url: request.url };
}

const blank = {
  headers: [],
  auth: { token: { mode: 'inherit' as const }, apiKey: { mode: 'inherit' as const } },
  settings: { timeout: null, followRedirects: null, maxRedirects: null },
  docs: '',
};

export const collection: Collection = {
  id: '0d6f5f3c-2a11-4f8e-9a53-3f0c6e0e6d1b',
  name: 'PetStore',
  root,
  defaults: {
    ...blank,
    auth: {
      token: { mode: 'send', identity: null, token: 'id', header: 'dev-auth-token', prefix: '' },
      apiKey: { mode: 'send', header: 'x-api-key', variable: 'apiKey' },
    },
  },
  items: [
    item('List pets.yml'),
    item('Show a pet.yml'),
    item('Add a pet.yml'),
    {
      kind: 'folder',
      path: 'orders',
      name: 'Orders',
      defaults: blank,
      items: [item('orders/Open orders.yml'), item('orders/Place an order.yml'), item('orders/Cancel an order.yml')],
    },
    { kind: 'folder', path: 'admin', name: 'Admin', defaults: blank, items: [item('admin/Usage.yml')] },
    { kind: 'foreign', path: 'Graph.yml', name: 'Graph', itemType: 'graphql' },
    { kind: 'broken', path: 'Broken.yml', name: 'Broken.yml' },
  ],
  environments: [
    {
      name: 'Sandbox',
      variables: [
        { name: 'invokeUrl', value: 'http://127.0.0.1:41873/dev', secret: false, disabled: false },
        { name: 'owner', value: 'ada', secret: false, disabled: false },
        { name: 'apiKey', value: '', secret: true, disabled: false },
      ],
    },
    {
      name: 'Staging',
      variables: [
        {
          name: 'invokeUrl',
          value: 'https://abc123.execute-api.us-east-1.amazonaws.com/staging',
          secret: false,
          disabled: false,
        },
      ],
    },
  ],
  secrets: [],
  problems: [
    { path: 'Broken.yml', line: 12, column: 3, message: 'a mapping key has no value: expected ‘:’ after “url”' },
  ],
};

function token(use: 'id' | 'access', minutes: number): TokenView {
  const issuedAt = now - (60 - minutes) * 60;
  const expiresAt = now + minutes * 60;
  return {
    issuedAt,
    expiresAt,
    changes: [],
    header: '{\n  "kid": "9kQm3tB1c0=",\n  "alg": "RS256"\n}',
    payload: `{\n  "sub": "3f0c6e0e-6d1b-4f8e-9a53-0d6f5f3c2a11",\n  "token_use": "${use}",\n  "exp": ${expiresAt}\n}`,
    claims: [
      { name: 'sub', value: '3f0c6e0e-6d1b-4f8e-9a53-0d6f5f3c2a11', note: 'the user', time: false, checked: false },
      { name: 'cognito:username', value: 'ada', note: 'signs in as', time: false, checked: false },
      { name: 'cognito:groups', value: 'buyers, beta', note: 'groups', time: false, checked: false },
      { name: 'aud', value: '1example23456789abcdefghij', note: 'this app client', time: false, checked: true },
      {
        name: 'iss',
        value: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_SandBox01',
        note: 'this pool',
        time: false,
        checked: true,
      },
      {
        name: 'token_use',
        value: use,
        note: 'what a REST authorizer without scopes wants',
        time: false,
        checked: true,
      },
      { name: 'auth_time', value: String(issuedAt), note: '', time: true, checked: false },
      { name: 'exp', value: String(expiresAt), note: '', time: true, checked: true },
    ],
  };
}

export const pool: PoolView = {
  id: 'sandbox-pool',
  facts: {
    name: 'Sandbox pool',
    domain: 'http://127.0.0.1:41872',
    clientId: '1example23456789abcdefghij',
    callback: 'https://example.com/callback',
    scopes: ['openid', 'email', 'profile'],
    region: 'us-east-1',
    poolId: 'us-east-1_SandBox01',
    issuer: '',
    grant: 'code',
    provider: 'cognito',
    endpoints: {},
    certificate: '',
    place: 'window',
    remarks: [],
  },
  issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_SandBox01',
  learned: false,
  sandbox: true,
  clientSecret: false,
  notes: [],
};

/** A pool of the user's own, whose client is a machine. */
export const billing: PoolView = {
  ...pool,
  id: 'billing-pool',
  facts: {
    ...pool.facts,
    name: 'Billing',
    domain: 'https://billing.auth.eu-west-1.amazoncognito.com',
    clientId: '7machine23456789abcdefghij',
    callback: '',
    scopes: ['petstore/read', 'petstore/write'],
    region: 'eu-west-1',
    poolId: 'eu-west-1_Bi11ing00',
    grant: 'clientCredentials',
  },
  issuer: 'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Bi11ing00',
  sandbox: false,
  clientSecret: true,
  notes: [
    'The pool has the updated form of issuer. Cognito authorizers of REST APIs are reported to refuse its tokens; the JWT authorizer of an HTTP API takes them.',
  ],
};

export type SignedInView = IdentityView & { state: { kind: 'signedIn' } };

export function signedIn(id: string, name: string, colour: number, minutes: number): SignedInView {
  return {
    id,
    name,
    ownName: name,
    colour,
    pool: pool.id,
    options: {},
    keepSession: true,
    state: {
      kind: 'signedIn',
      renewing: false,
      over: false,
      session: {
        username: name.split(',')[0] ?? name,
        email: `${name.split(',')[0]}@example.com`,
        groups: ['buyers', 'beta'],
        idToken: token('id', minutes),
        accessToken: token('access', minutes),
        checks: [
          { name: 'State', detail: 'the one that was sent' },
          { name: 'PKCE', detail: 'the code was redeemed with the verifier that it was asked for with' },
          { name: 'Form', detail: 'three parts, JSON, every claim of the right type' },
          { name: 'Algorithm', detail: 'RS256' },
          { name: 'Key', detail: 'ID token 9kQm3tB1c0=, access token p4Vx7Yw2LkE=' },
          { name: 'Signature', detail: 'by the user pool’s own keys' },
          { name: 'Expiry', detail: 'ID token 60 minutes, access token 60 minutes, one minute of leeway' },
          { name: 'Issuer', detail: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_SandBox01' },
          { name: 'Token use', detail: 'ID token id, access token access' },
          { name: 'Audience', detail: '1example23456789abcdefghij' },
          { name: 'Nonce', detail: 'the one that was sent' },
          { name: 'Access token hash', detail: 'the ID token is for this access token' },
        ],
        kept: true,
        refreshable: true,
      },
    },
  };
}

/** An identity whose session is over. */
export function over(identity: SignedInView): SignedInView {
  return { ...identity, state: { ...identity.state, over: true } };
}

/** An identity whose last token said other things than this one. */
export function promoted(identity: SignedInView): SignedInView {
  const { session } = identity.state;
  const groups = { name: 'cognito:groups', before: 'buyers', after: 'buyers, beta' };
  const plan = { name: 'custom:plan', before: 'trial', after: null };
  const idToken = session.idToken && { ...session.idToken, changes: [groups, plan] };
  const accessToken = session.accessToken && { ...session.accessToken, changes: [groups] };
  return { ...identity, state: { ...identity.state, session: { ...session, idToken, accessToken } } };
}

/** A machine with its token. */
export function machine(): SignedInView {
  const { state, ...rest } = signedIn('nightly', 'nightly import', 4, 41);
  const session = { ...state.session, email: null, groups: [], idToken: null, refreshable: false };
  return { ...rest, pool: billing.id, state: { ...state, session } };
}

export const identities: IdentityView[] = [
  signedIn('ada', 'ada', 0, 54),
  signedIn('grace', 'grace, admin', 1, 12),
  {
    id: 'bot',
    name: 'staging bot',
    ownName: 'staging bot',
    colour: 2,
    pool: pool.id,
    options: {},
    keepSession: true,
    state: { kind: 'signedOut' },
  },
];

const pets = [
  { id: 1, type: 'dog', price: 249.99 },
  { id: 2, type: 'cat', price: 124.99 },
  { id: 3, type: 'fish', price: 0.99 },
];

const gates = ['route', 'authorizer', 'apiKey', 'usagePlan', 'integration'] as const;

const passed: Verdict = { track: gates.map((gate) => ({ gate, outcome: 'passed' })), refusal: null, remarks: [] };

const refused: Verdict = {
  track: gates.map((gate, at) => ({ gate, outcome: at === 0 ? 'passed' : at === 1 ? 'refused' : 'notReached' })),
  refusal: {
    title: 'The gateway never saw your token',
    explanation: 'Its authorizer reads the header `dev-auth-token`. This request carried the token in `Authorization`.',
    evidence: [
      { sign: 'good', subject: 'Token is good', found: 'ID token of ada, right pool and client, 54 min left' },
      { sign: 'bad', subject: 'Header', found: 'the definition names `dev-auth-token` as token source' },
      { sign: 'neutral', subject: 'API key was not looked at', found: 'the authorizer comes first' },
    ],
    fixes: [{ kind: 'sendTokenIn', header: 'dev-auth-token' }],
    otherCauses: [
      'The authorizer of this stage was changed and not deployed.',
      'The token belongs to another user pool.',
    ],
    customised: false,
    tokenExpired: false,
  },
  remarks: [],
};

export function answer(id: number, good: boolean, header: string, sentAs: string | null = null): Answer {
  const text = JSON.stringify(good ? pets : { message: 'Unauthorized' }, null, 2);
  const names = [
    'date',
    'content-type',
    'content-length',
    'x-amzn-requestid',
    'x-amz-apigw-id',
    'via',
    'x-cache',
    'age',
    'connection',
  ];
  return {
    id,
    firstLines: text,
    verdict: good ? passed : refused,
    renewal: null,
    notRenewed: null,
    sentAs,
    exchange: {
      sentAtMs: Date.now(),
      totalMs: good ? 142 : 38,
      body: {
        kind: 'json',
        mediaType: 'application/json',
        bytes: good ? 184 : 26,
        wireBytes: null,
        contentEncoding: null,
        rawLines: 1,
        prettyLines: text.split('\n').length,
      },
      hops: [
        {
          method: 'GET',
          url: 'http://127.0.0.1:41873/dev/pets?type=dog',
          sentHeaders: [
            { name: 'accept', value: 'application/json', secret: false, origin: 'typed' },
            { name: header, value: 'eyJraW…(masked)', secret: true, origin: 'token' },
            { name: 'x-api-key', value: '••••••••', secret: true, origin: 'apiKey' },
            { name: 'host', value: '127.0.0.1:41873', secret: false, origin: 'wire' },
          ],
          sentBody: { bytes: null, preview: null },
          withheld: [],
          status: good ? 200 : 401,
          reason: good ? 'OK' : 'Unauthorized',
          httpVersion: 'HTTP/2',
          headers: names
            .slice(0, good ? 9 : 7)
            .map((name) => ({ name, value: name === 'content-type' ? 'application/json' : '…' })),
          remote: '127.0.0.1:41873',
          tls: 'TLS 1.3',
          timings: { dns: 4, connect: 9, tls: 18, wait: 90, download: 21 },
        },
      ],
    },
  };
}

/** A pasted token, held against the sandbox's pool. */
export function inspected(pool: string | null): InspectedToken {
  const { claims, expiresAt } = token('access', 12);
  const header = [
    { name: 'kid', value: '9kQm3tB1c0=', note: 'the key that signed it', time: false, checked: false },
    { name: 'alg', value: 'RS256', note: 'how it is signed', time: false, checked: false },
  ];
  const checks: ExaminedCheck[] = [
    { name: 'Signature', outcome: 'passed', detail: 'key 9kQm3tB1c0=, RS256' },
    {
      name: 'Issuer',
      outcome: 'failed',
      detail:
        'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_SandBox01; expected https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Bi11ing00',
    },
    { name: 'Audience', outcome: 'passed', detail: '1example23456789abcdefghij' },
    { name: 'Not expired', outcome: 'passed', detail: 'it ends in 12 minutes' },
    { name: 'Nonce', outcome: 'skipped', detail: 'only the sign-in itself knows it' },
  ];
  return { header, claims, expiresAt, checks: pool === null ? [] : checks };
}
