import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  // A page elsewhere gives the address of a service here: https://…/schema.graphql
  schema: '../../schema.graphql',
  documents: 'src/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '.js',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        scalars: { Date: 'string', DateTime: 'string', Time: 'string', URL: 'string' },
      },
    },
  },
};

export default config;
