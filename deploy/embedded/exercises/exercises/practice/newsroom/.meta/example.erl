-module(newsroom).
-behaviour(gen_server).

-export([start_link/0, subscribe/2, unsubscribe/2, publish/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

subscribe(Newsroom, Topic) ->
    gen_server:call(Newsroom, {subscribe, Topic}).

unsubscribe(Newsroom, Topic) ->
    gen_server:call(Newsroom, {unsubscribe, Topic}).

publish(Newsroom, Topic, Story) ->
    gen_server:call(Newsroom, {publish, Topic, Story}).

init([]) ->
    {ok, []}.

handle_call({subscribe, Topic}, {Reader, _Tag}, Readers) ->
    case lists:member({Topic, Reader}, Readers) of
        true ->
            {reply, ok, Readers};
        false ->
            erlang:monitor(process, Reader),
            {reply, ok, [{Topic, Reader} | Readers]}
    end;
handle_call({unsubscribe, Topic}, {Reader, _Tag}, Readers) ->
    {reply, ok, lists:delete({Topic, Reader}, Readers)};
handle_call({publish, Topic, Story}, _From, Readers) ->
    Audience = [Reader || {Wanted, Reader} <- Readers, Wanted =:= Topic],
    [Reader ! {story, Topic, Story} || Reader <- Audience],
    {reply, length(Audience), Readers}.

handle_cast(_Message, Readers) ->
    {noreply, Readers}.

handle_info({'DOWN', _Monitor, process, Gone, _Reason}, Readers) ->
    {noreply, [Entry || {_Topic, Reader} = Entry <- Readers, Reader =/= Gone]}.
