import { createApp } from '../lib/app';
import { rulePacks } from '../lib/rule-packs';

createApp({ review: rulePacks() }).synth();
