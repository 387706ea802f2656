import { createApp } from '../../app';

// Started as a process of its own: all environments without a review and with functions not bundled, synthesized into the folder of
// CDK_OUTDIR.
createApp({ bundle: false }).synth();
