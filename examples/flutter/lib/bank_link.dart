// A connection from the bank list to the outcome. No widget in here.

import 'dart:convert';

import 'package:http/http.dart' as http;

/// What the server refused. [advice] is for the customer, in their language.
class Refused implements Exception {
  Refused(this.status, this.reason, this.advice);
  final int status;
  final String? reason;
  final String? advice;
}

/// What opens Lean's SDK: [method] and [config] of a launch, and [native], which sets it up.
class SdkCall {
  SdkCall(Map<String, dynamic> json)
      : method = json['method'] as String,
        config = json['config'] as Map<String, dynamic>,
        native = json['native'] as Map<String, dynamic>;
  final String method;
  final Map<String, dynamic> config;
  final Map<String, dynamic> native;
}

class BankLink {
  BankLink(this.address, this.language);
  final String address;
  final String language;

  /// Yours is in the keychain, from your own sign-in.
  String? token;

  /// The flow that is under way. Keep it on the device: the phone may end the app meanwhile.
  Map<String, dynamic>? flow;

  Future<void> signIn() async {
    token = (await _post('/api/sign-in', {}))['token'] as String;
  }

  Future<List<dynamic>> banks([String typed = '']) async {
    final query = {'q': typed, 'lang': language, 'purpose': 'data'};
    final uri = Uri.parse('$address/lean/banks').replace(queryParameters: query);
    return _read(await http.get(uri)) as List<dynamic>;
  }

  /// The call that opens Lean's SDK at the bank that the customer chose.
  Future<SdkCall> choose(String bank) async {
    flow ??= await _post('/api/flows', {}) as Map<String, dynamic>;
    return SdkCall(await _lean('/launch', {'bank_identifier': bank}));
  }

  /// Tell the server what the SDK said. It also says SUCCESS when the customer has only gone to the
  /// bank: the answer's `status` is then `at_bank`.
  Future<dynamic> report(Map<String, dynamic> response) => _lean('/callback', {'data': response});

  /// The call that asks Lean's SDK what became of the flow, once a link has opened the app again.
  Future<SdkCall?> comeBack(Uri link) async {
    final call = await _lean('/return', {'landed_with': link.queryParameters});
    return call['method'] == null ? null : SdkCall(call as Map<String, dynamic>);
  }

  /// What is known of the flow.
  Future<dynamic> outcome() async {
    final uri = Uri.parse('$address/lean/flows/${flow!['id']}')
        .replace(queryParameters: {'flow': flow!['token'] as String});
    return _read(await http.get(uri, headers: _headers));
  }

  /// Wait for the bank's word, about ten seconds. Returns what was known last.
  Future<dynamic> wait() async {
    for (var tries = 0;; tries++) {
      final known = await outcome();
      final isOver = ['confirmed', 'failed'].contains(known['status']);
      if (isOver || known['awaits_confirmation'] == false || tries == 10) return known;
      await Future<void>.delayed(const Duration(seconds: 1));
    }
  }

  Map<String, String> get _headers => {
        'Content-Type': 'application/json',
        'Accept-Language': language,
        if (token != null) 'Authorization': 'Bearer $token',
      };

  Future<dynamic> _lean(String path, Map<String, dynamic> body) => _post(
      '/lean$path?lang=$language', {'flow': flow!['token'], 'platform': 'flutter', ...body});

  Future<dynamic> _post(String path, Map<String, dynamic> body) async => _read(
      await http.post(Uri.parse('$address$path'), headers: _headers, body: jsonEncode(body)));

  dynamic _read(http.Response response) {
    final body = jsonDecode(utf8.decode(response.bodyBytes));
    if (response.statusCode < 300) return body;
    throw Refused(response.statusCode, body['reason'] as String?, body['advice'] as String?);
  }
}
