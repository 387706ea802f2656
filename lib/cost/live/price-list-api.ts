import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { ask } from '../../account/ask';

/** The API answers in this region for all of them (AWS Billing User Guide, "Getting price list files"). */
const API_REGION = 'us-east-1';
const API_ADDRESS = `https://api.pricing.${API_REGION}.amazonaws.com`;
const TIMEOUT_MS = 20_000;

/** GetProducts of the Price List API, as its reference has it: lib/cost asks nothing else of it, so that it has no client of its own. */
interface GetProductsRequest {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Type: 'TERM_MATCH'; readonly Field: string; readonly Value: string }[];
  readonly FormatVersion: 'aws_v1';
  readonly NextToken?: string;
}
interface GetProductsResponse {
  /** Each a product as JSON. */
  readonly PriceList?: readonly string[];
  readonly NextToken?: string;
}

/** A product with its prices, as far as lib/cost reads it. */
export interface ListedProduct {
  readonly product: { readonly attributes: Readonly<Record<string, string>> };
  readonly terms: { readonly OnDemand?: Readonly<Record<string, OnDemandTerm>> };
}
interface OnDemandTerm {
  readonly priceDimensions: Readonly<
    Record<string, { readonly beginRange?: string; readonly pricePerUnit: { readonly USD?: string } }>
  >;
}

/** Asks for the products of a service in a region. */
export type GetProducts = (
  service: string,
  region: string,
  attributes: Readonly<Record<string, string>>,
) => Promise<ListedProduct[]>;

/** Where the API is. */
interface ApiSettings {
  /** Default: AWS. */
  readonly address?: string;
  /** Default: those that the AWS CLI would find. */
  readonly credentials?: STSClientConfig['credentials'];
}

/**
 * The Price List API with the credentials of the person, looked for as the AWS CLI does. It needs pricing:GetProducts.
 * The functions that it returns throw NotAnswered with the reason.
 */
export function connectPriceList({ address = API_ADDRESS, ...credentials }: ApiSettings = {}): GetProducts {
  const { config } = new STSClient({ region: API_REGION, ...credentials });
  const signer = new SignatureV4({
    service: 'pricing',
    region: API_REGION,
    credentials: config.credentials,
    sha256: config.sha256,
  });
  return async (service, region, attributes) => {
    const fields = { regionCode: region, ...attributes };
    const request: GetProductsRequest = {
      ServiceCode: service,
      Filters: Object.entries(fields).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
      FormatVersion: 'aws_v1',
    };
    const found: ListedProduct[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ask('pricing:GetProducts', () =>
        send(signer, new URL(address), { ...request, ...(NextToken && { NextToken }) }),
      );
      found.push(...(page.PriceList ?? []).map((product) => JSON.parse(product) as ListedProduct));
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  };
}

async function send(signer: SignatureV4, address: URL, request: GetProductsRequest): Promise<GetProductsResponse> {
  const body = JSON.stringify(request);
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: address.protocol,
    hostname: address.hostname,
    path: '/',
    headers: {
      host: address.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSPriceListService.GetProducts',
    },
    body,
  });
  const response = await fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = (await response.json().catch(() => ({}))) as GetProductsResponse & {
    readonly __type?: string;
    readonly message?: string;
    readonly Message?: string;
  };
  if (response.ok) return answer;
  const { __type = '', message, Message } = answer;
  throw Object.assign(new Error(message ?? Message ?? `the Price List API answered ${response.status}`), {
    name: __type.split('#').at(-1) || 'Error',
    $metadata: { httpStatusCode: response.status },
  });
}
