/** Secrets of known forms, by what they look like. Put together, so that no scanner of repositories takes them for real ones. */
export const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow`],
  ['an access key of AWS', `AKIA${'IOSFODNN7EXAMPLE'}`.replace('7', 'Z')],
  ['a secret key of AWS', `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`],
  ['a token of Slack', `xoxb-${'123456789012'}-abcdefghijkl`],
  ['a webhook of Slack', `https://hooks.slack.com/${'services'}/T000/B000/abc`],
  ['an access token of Meta', `EAAG${'m0PX4ZCpsBAKZCexampletoken'}`],
  ['a token of GitHub', `ghp_${'abcdefghijklmnopqrstuvwxyz0123456789'}`],
  ['a key of an AI provider', `sk-${'proj-abcdefghijklmnopqrstuvwx'}`],
  ['a signed token (JWT)', `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJzdWIiOiIxIn0.c2lnbmF0dXJl`],
  ['an address with a password', `postgres://app:${'S3cret-pass'}@db.example.com/app`],
  ['a connection string with a password', `host=db user=app password=${'S3cret-pass'}`],
  ['a key of 32 characters, as of PagerDuty', `0a1b2c3d4e5f${'60718293a4b5c6d7e8f9'}`],
  ['a key of 20 characters, as of PagerDuty', `y_NbAkKc66ryYT${'WUXYEu'}`],
];
