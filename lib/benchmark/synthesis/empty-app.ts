import { App, Stack } from 'aws-cdk-lib';

// Started as a process of its own: an app with one empty stack, synthesized into the folder of CDK_OUTDIR.
const app = new App();
new Stack(app, 'Empty');
app.synth();
