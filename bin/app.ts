import { createApp } from '../lib/app';
import { rulePacks } from '../lib/review/rule-packs';

createApp({ review: rulePacks() }).synth();
